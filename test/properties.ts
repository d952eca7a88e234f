/** Properties are checked on the same cases in every run, so that one that fails fails always; another seed draws others. */

import { configureGlobal } from "fast-check";

configureGlobal({ seed: Number(process.env["LOCKKEEPER_SEED"] ?? 1) });
