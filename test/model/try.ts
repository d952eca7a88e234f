import fc from "fast-check";
import { openStage } from "./stage.ts";
import { beginRun, endRun } from "./run.ts";
import { steps, settled } from "./step.ts";
const seed = Number(process.argv[2] ?? 1), runs = Number(process.argv[3] ?? 20), path = process.argv[4];
const stage = await openStage();
const began = performance.now();
let n = 0;
const out = await fc.check(
  fc.asyncProperty(fc.nat(3), steps, async (layout, cmds) => {
    const run = await beginRun(stage, layout);
    n++;
    try {
      await settled(run);
      await fc.asyncModelRun(() => ({ model: {}, real: run }), cmds);
    } finally { await endRun(run); }
  }),
  { seed, numRuns: runs, path, endOnFailure: process.argv[5] === "end" },
);
console.log(n, "runs", Math.round(performance.now() - began), "ms");
if (out.failed) {
  console.log("seed", out.seed, "path", out.counterexamplePath, "shrinks", out.numShrinks);
  console.log(String((out.errorInstance as Error)?.stack ?? "").slice(0, 1500));
  console.log("layout", out.counterexample![0], String(out.counterexample![1]));
}
await stage.stop();
