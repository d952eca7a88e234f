/** Files of Helm values: by their name, or as what lies beside a chart. */

import { posix } from "node:path";
import { isMap } from "yaml";
import { textAt } from "./cursor.ts";
import { imagePlaces } from "./helm-image.ts";
import type { Shape } from "./shape.ts";

export const helmValues: Shape = (object, context) => {
  const isObject = textAt(object, "kind") !== "" && textAt(object, "apiVersion") !== "";
  if (isObject || !isMap(object.node)) return [];
  const folder = posix.dirname(context.file);
  const name = posix.basename(context.file).toLowerCase();
  const beside = context.files.has(posix.join(folder, "Chart.yaml")) && !name.startsWith("chart.");
  return name.includes("values") || beside ? imagePlaces(object, context) : [];
};
