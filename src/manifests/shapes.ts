/** The shapes that are known, in the order in which they are tried. A new shape is one file and one line here. */

import type { Shape } from "./shape.ts";
import { workload } from "./workload.ts";

export const shapes: Readonly<Record<string, Shape>> = {
  workload,
};
