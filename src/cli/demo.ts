/** `lockkeeper demo`: the whole loop on the sandbox, one observed step after the other. */

import type { Command } from "commander";
import { drift } from "./demo/drift.ts";
import { type Narrator, narrator } from "./demo/narrator.ts";
import { release } from "./demo/release.ts";
import { rollback } from "./demo/rollback.ts";
import type { Stage, Step } from "./demo/stage.ts";
import { type ClusterKind, clusterOption } from "./sandbox.ts";
import { UsageError } from "./usage-error.ts";

interface Options {
  readonly headless?: boolean;
  readonly json?: boolean;
  readonly cluster: ClusterKind;
}

const steps: readonly Step[] = [...release, ...drift, ...rollback];

/** Runs the steps in order and stops at the first that was not observed; says whether all were. */
async function play(stage: Stage, tell: Narrator): Promise<boolean> {
  const began = performance.now();
  for (const step of steps) {
    const start = performance.now();
    const elapsed = () => Math.round(performance.now() - start);
    tell.begins(step);
    try {
      const detail = await step.run(stage);
      tell.ended({ step: step.name, ok: true, ms: elapsed(), detail });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tell.ended({ step: step.name, ok: false, ms: elapsed(), detail: { error: message } });
      return false;
    }
  }
  tell.done(Math.round(performance.now() - began));
  return true;
}

async function run(options: Options): Promise<void> {
  const headless = options.headless === true;
  if (!headless && !process.stdin.isTTY) {
    throw new UsageError("the demo asks a person at a terminal; without one, call it with --headless");
  }
  const tell = narrator({ json: options.json === true, output: process.stdout });
  const { openStage } = await import("./demo/open-stage.ts");
  const opened = await openStage(options.cluster, headless);
  tell.opened(opened.stage);
  try {
    process.exitCode = (await play(opened.stage, tell)) ? 0 : 1;
  } finally {
    await opened.close();
  }
}

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description(
      "the whole loop on the sandbox: new image, pull request, sign-off, merge, cluster, drift, rollback",
    )
    .option("--headless", "play the people too; exit 0 only if every step was observed")
    .option("--json", "print one JSON object per step")
    .addOption(clusterOption(program))
    .action(run);
}
