import { expect, test } from "vitest";
import type { Key } from "../../src/model/key.ts";
import { startScheduler } from "../../src/runtime/scheduler.ts";

test("everything is looked at once at the start, and scanned by the schedule until it is stopped", async () => {
  const added: Key["flow"][] = [];
  const queue = { add: (key: Key) => void added.push(key.flow) };
  const scheduler = startScheduler({ queue, scanSchedule: "* * * * * *", resyncSeconds: 86_400 });
  expect(added).toEqual(["resync"]);
  await expect.poll(() => added, { timeout: 10_000 }).toContain("scans");
  await scheduler.stop();
  expect(added.filter((flow) => flow === "resync")).toHaveLength(1);
});
