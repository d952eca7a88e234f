/** The table of slash commands: a new one is a file and a line here; parsing and help are made from it. */

import type { Command } from "./command.ts";
import { heal } from "./heal.ts";
import { helpOver } from "./help.ts";
import { rebase } from "./rebase.ts";
import { scan } from "./scan.ts";
import { status } from "./status.ts";

const others: readonly Command[] = [rebase, status, heal, scan];

export const commands: readonly Command[] = [...others, helpOver(others)];
