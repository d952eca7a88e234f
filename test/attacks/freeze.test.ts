import { afterEach, beforeEach, expect, test } from "vitest";
import { configPath } from "../../src/config/config.ts";
import { changeImage, checked, moveMain, review } from "../flows/signoff-steps.ts";
import { type SignoffWorld, config, startSignoff } from "../flows/signoff-world.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

/** As a freeze writes its times: the wall clock of UTC, in minutes. */
const wall = (minutes: number): string => {
  const now = signoff.world.clock.now().getTime();
  return new Date(now + minutes * 60_000).toISOString().slice(0, 16);
};

/** The delay of the newest check key that was put on the queue for later. */
async function judgedWithDelay(sha: string) {
  const delays: (number | undefined)[] = [];
  const add = (_: unknown, afterSeconds?: number): void => void delays.push(afterSeconds);
  const world = { ...signoff.world, queue: { add } };
  const run = await checked({ ...signoff, world }, sha);
  return { title: run?.title ?? "", conclusion: run?.conclusion, delay: delays.at(-1) };
}

test("a freeze takes an approved pull request back as it begins, and gives it free as it ends, without an event", async () => {
  const freeze = `  freeze: [{ name: launch, environments: [production], begins: "${wall(3)}", ends: "${wall(8)}", timezone: UTC }]\n`;
  await moveMain(signoff, configPath, config + freeze);
  const { number, sha } = await changeImage(signoff, "mallory");
  await review(signoff, "grace", number);
  const before = await judgedWithDelay(sha);
  expect([before.conclusion, before.title]).toEqual(["success", "Signed off by grace."]);
  expect(before.delay).toBeGreaterThan(0);
  expect(before.delay).toBeLessThanOrEqual(3 * 60);
  signoff.pass(before.delay);
  const frozen = await judgedWithDelay(sha);
  expect([frozen.conclusion, frozen.title]).toEqual([
    "action_required",
    expect.stringMatching(/^Frozen until .* UTC \(launch\)\./),
  ]);
  expect(frozen.delay).toBeLessThanOrEqual(6 * 60);
  signoff.pass(frozen.delay);
  const after = await judgedWithDelay(sha);
  expect([after.conclusion, after.title, after.delay]).toEqual([
    "success",
    "Signed off by grace.",
    undefined,
  ]);
});
