/** Ends a run with one plain line: how many tests there were and how they went. */

import type { Reporter, TestModule } from "vitest/node";

// Vitest loads a reporter by its default export.
// oxlint-disable-next-line import/no-default-export
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const broken = modules.filter(
      (module) => module.state() === "failed" && module.errors().length > 0,
    ).length;
    const count = (state: string) => states.filter((found) => found === state).length;
    process.stdout.write(
      `\ntests: ${count("passed")} passed, ${count("failed") + broken} failed, ${count("skipped")} skipped\n`,
    );
  }
}
