/** What comes of another tool's settings. */

import type { ImagePolicy } from "../tags/policy.ts";

/** The policy; or why there is none, as the end of a sentence that the name of the settings begins. */
export type Adopted = ImagePolicy | { readonly problem: string };
