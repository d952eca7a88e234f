/** JSON patches that set an image. https://www.rfc-editor.org/rfc/rfc6902 */

import { isSeq } from "yaml";
import { childOf, ownItems, textAt } from "./cursor.ts";
import { imagePlaces } from "./helm-image.ts";
import type { Place, Shape } from "./shape.ts";

export const jsonPatch: Shape = (object, context) => {
  if (!isSeq(object.node)) return [];
  return ownItems(object).flatMap((operation): readonly Place[] => {
    const value = childOf(operation, "value");
    const path = textAt(operation, "path");
    if (value === null || path === "" || !/^(?:add|replace)$/.test(textAt(operation, "op"))) return [];
    if (/\/(?:image|reference)$/.test(path)) return [{ type: "reference", at: value }];
    return [...imagePlaces(value, context)];
  });
};
