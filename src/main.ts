#!/usr/bin/env node
/** The executable `lockkeeper`. */

import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Compiled code is kept beside the dependencies, where only those may write who installed them. Where nobody may, none is
// kept. Only what is imported from here on counts.
enableCompileCache(join(import.meta.dirname, "..", "node_modules", ".cache", "lockkeeper"));
// The YAML parser asks for a variable at every token, and the system's environment takes longer to answer than the parser.
process.env = { ...process.env };
const { runProgram } = await import("./cli/program.ts");

await runProgram(process.argv, process.env);
