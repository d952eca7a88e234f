/**
 * Random lives of a repository: tags appear, people edit, merge, revert, close and push, webhooks are lost, the process dies.
 * Whenever everything has settled, what is promised of pull requests has to hold. `npm run test:soak` makes many more.
 */

import { expect, test } from "vitest";
import { explore } from "./explore.ts";

const seed = Number(process.env["LOCKKEEPER_SEED"] ?? 1);
const most = 400;
const milliseconds = 60_000;

test(
  "whatever happens, no conflict, nothing twice, nothing that was refused",
  { timeout: 280_000 },
  async () => {
    const { runs, story } = await explore({ seed, runs: most, milliseconds });
    console.log(`${runs} random lives of seed ${seed}`);
    expect(story).toBeNull();
    expect(runs).toBeGreaterThan(0);
  },
);
