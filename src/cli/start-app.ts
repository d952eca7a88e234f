/** Starts Lockkeeper from an environment, as `serve` and the demo do. */

import { type Environment, readEnvironment } from "../config/settings.ts";
import { createLog } from "../runtime/log.ts";
import { type RunningApp, compose } from "./compose.ts";
import { textOrNull } from "./text-or-null.ts";
import { UsageError } from "./usage-error.ts";

/** Settings that cannot be used, all of them, are a `UsageError`. */
export async function startApp(environment: Environment): Promise<RunningApp> {
  const read = readEnvironment(environment, textOrNull);
  if (!read.ok) {
    const lines = read.problems.map((problem) => `  ${problem}`);
    throw new UsageError(`Lockkeeper does not start with these settings:\n${lines.join("\n")}`);
  }
  const { settings } = read;
  const log = createLog({ level: settings.logLevel, format: settings.logFormat });
  const app = await compose(settings, log);
  if (!app.ok) throw new UsageError(`Lockkeeper does not start: ${app.failure.message}`);
  log.info({ url: app.value.url, targets: settings.targets.length }, "listening");
  return app.value;
}
