/** ConfigMaps in whose data an entry is an image: its key says what the image is for. */

import { childOf, ownEntries, textAt, textOf } from "./cursor.ts";
import { isImageText } from "./image-text.ts";
import type { Place, Shape } from "./shape.ts";

export const configMap: Shape = (object) => {
  const data = textAt(object, "kind") === "ConfigMap" ? childOf(object, "data") : null;
  if (data === null || textAt(object, "apiVersion") !== "v1") return [];
  return ownEntries(data).flatMap(([key, at]): readonly Place[] =>
    isImageText(textOf(at) ?? "", key) ? [{ type: "reference", at }] : [],
  );
};
