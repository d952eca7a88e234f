/** One process of the soak: explores what it is told to, and tells its parent what it finds. */

import { type Search, explore } from "./explore.ts";

const search = JSON.parse(process.argv[2] ?? "{}") as Search;
process.send?.(await explore({ ...search, done: (runs) => process.send?.(runs) }));
process.disconnect?.();
