/** The table of slash commands: a new one is a file and a line here; parsing and help are made from it. */

import { accept } from "./accept.ts";
import { adopt } from "./adopt.ts";
import type { Command } from "./command.ts";
import { discardEdits } from "./discard-edits.ts";
import { heal } from "./heal.ts";
import { helpOver } from "./help.ts";
import { hold } from "./hold.ts";
import { ignore } from "./ignore.ts";
import { openWaiting } from "./open-waiting.ts";
import { override } from "./override.ts";
import { pause } from "./pause.ts";
import { plan } from "./plan.ts";
import { rebase } from "./rebase.ts";
import { resume } from "./resume.ts";
import { rollback } from "./rollback.ts";
import { scan } from "./scan.ts";
import { status } from "./status.ts";
import { unpause } from "./unpause.ts";

const others: readonly Command[] = [
  rebase,
  discardEdits,
  hold,
  resume,
  status,
  plan,
  heal,
  ignore,
  adopt,
  rollback,
  accept,
  override,
  pause,
  unpause,
  scan,
];

export const commands: readonly Command[] = [...others, helpOver(others)];

/** Those that a box of the dashboard can order, some of which cannot be typed. */
export const boxCommands: readonly Command[] = [rebase, discardEdits, resume, scan, openWaiting];
