/** Files of Helm values: by their name, as what lies beside a chart, or because something names them so. */

import { posix } from "node:path";
import { isMap } from "yaml";
import { textAt } from "./cursor.ts";
import { imagePlaces } from "./helm-image.ts";
import type { Shape } from "./shape.ts";
import { valuesFiles } from "./values-files.ts";

export const helmValues: Shape = (object, context) => {
  const isObject = textAt(object, "kind") !== "" && textAt(object, "apiVersion") !== "";
  if (isObject || !isMap(object.node)) return [];
  const folder = posix.dirname(context.file);
  const name = posix.basename(context.file).toLowerCase();
  const beside = context.files.has(posix.join(folder, "Chart.yaml")) && !name.startsWith("chart.");
  const isValues = name.includes("values") || beside || valuesFiles(context.files).has(context.file);
  return isValues ? imagePlaces(object, context) : [];
};
