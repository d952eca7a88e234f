/** The custom kinds that are known, and those that the configuration names. */

import { customKinds } from "./custom-kinds.ts";
import { isOfKind, placesAt } from "./kind-places.ts";
import { platformKinds } from "./platform-kinds.ts";
import type { Shape } from "./shape.ts";

const known = [...customKinds, ...platformKinds];

export const customKind: Shape = (object, { kinds = [] }) =>
  [...kinds, ...known].filter((kind) => isOfKind(object, kind)).flatMap((kind) => placesAt(object, kind));
