#!/usr/bin/env node
/** The executable `lockkeeper`. */

import { runProgram } from "./cli/program.ts";

await runProgram(process.argv, process.env);
