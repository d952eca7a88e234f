import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Result, fail, ok } from "../../src/model/failure.ts";
import { type Key, keyText } from "../../src/model/key.ts";
import { backOffSeconds, maximumAttempts } from "../../src/queue/back-off.ts";
import { type MemoryQueue, createQueue } from "../../src/queue/queue.ts";

const repository = { id: 1, owner: "acme", name: "gitops", installation: 7 };
const scan: Key = { flow: "scan", repository };
const command = (number: number): Key => ({ flow: "command", repository, number });

/** A queue whose jobs end when the test says so, with a record of what ran. */
function harness(concurrency = 2, outcome: (key: Key) => Result<void> = () => ok(undefined)) {
  const runs: string[] = [];
  const warnings: string[] = [];
  const open: { text: string; end: () => void }[] = [];
  const queue: MemoryQueue = createQueue({
    concurrency,
    random: () => 0,
    log: { warn: (_fields, message) => warnings.push(message) },
    run: (key) => {
      const text = keyText(key);
      runs.push(text);
      return new Promise((resolve) => open.push({ text, end: () => resolve(outcome(key)) }));
    },
  });
  const finish = async (count = 1): Promise<void> => {
    for (const job of open.splice(0, count)) job.end();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { queue, runs, warnings, open, finish };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the queue", () => {
  test("waits for start, and then runs what was added", () => {
    const { queue, runs } = harness();
    queue.add(scan);
    expect(runs).toEqual([]);
    queue.start();
    expect(runs).toEqual(["scan 1"]);
  });

  test("a key that waits is not added twice, whatever the repository is called now", () => {
    const { queue, runs } = harness();
    queue.add(scan);
    queue.add({ flow: "scan", repository: { ...repository, name: "renamed" } });
    queue.start();
    expect(runs).toEqual(["scan 1"]);
  });

  test("a key that is put on while it runs is run exactly once more, not at the same time", async () => {
    const { queue, runs, finish } = harness();
    queue.start();
    queue.add(scan);
    queue.add(scan);
    queue.add(scan);
    expect(runs).toHaveLength(1);
    await finish();
    expect(runs).toHaveLength(2);
    await finish();
    expect(queue.stats()).toEqual({ ready: 0, delayed: 0, running: 0 });
  });

  test("runs no more than so many jobs at one time", async () => {
    const { queue, runs, finish } = harness(2);
    queue.start();
    for (const number of [1, 2, 3]) queue.add(command(number));
    expect(queue.stats()).toEqual({ ready: 1, delayed: 0, running: 2 });
    await finish();
    expect(runs).toEqual(["command 1 1", "command 1 2", "command 1 3"]);
  });

  test("a delayed key runs when its time has come, or at once when an event asks for it", async () => {
    const { queue, runs } = harness();
    queue.start();
    queue.add(scan, 60);
    queue.add(command(1), 60);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(runs).toEqual([]);
    queue.add(command(1));
    expect(runs).toEqual(["command 1 1"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toEqual(["command 1 1", "scan 1"]);
  });

  test("a failed job is tried again, later each time, and forgotten after too many", async () => {
    const { queue, runs, warnings, finish } = harness(1, () => fail("unavailable", "the other side is down"));
    queue.start();
    queue.add(scan);
    for (let attempt = 1; attempt < maximumAttempts; attempt++) {
      await finish();
      await vi.advanceTimersByTimeAsync(backOffSeconds(attempt, null, 0) * 1000 - 1);
      expect(runs).toHaveLength(attempt);
      await vi.advanceTimersByTimeAsync(1);
      expect(runs).toHaveLength(attempt + 1);
    }
    await finish();
    expect(queue.stats()).toEqual({ ready: 0, delayed: 0, running: 0 });
    expect(warnings.at(-1)).toBe("gave up until the next event or resync");
  });

  test("a rate limit is waited out, even when events ask for the key meanwhile", async () => {
    const limited = fail("rate-limited", "slow down", { retryAfterSeconds: 120 });
    const { queue, runs, finish } = harness(1, () => limited);
    queue.start();
    queue.add(scan);
    await finish();
    queue.add(scan);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(runs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toHaveLength(2);
  });

  test("a job that throws is told as a bug, retried, and stops nobody else", async () => {
    const warnings: string[] = [];
    const runs: string[] = [];
    const queue = createQueue({
      concurrency: 1,
      random: () => 0,
      log: { warn: (_fields, message) => warnings.push(message) },
      run: (key) => {
        runs.push(keyText(key));
        if (key.flow === "scan") throw new TypeError("undefined is not a function");
        return Promise.resolve(ok(undefined));
      },
    });
    queue.start();
    queue.add(scan);
    queue.add(command(1));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toEqual(["scan 1", "command 1 1", "scan 1"]);
    expect(warnings[0]).toContain("bug");
  });

  test("drain lets running jobs end, starts none, and says when the deadline passed first", async () => {
    const { queue, runs, finish } = harness(1);
    queue.start();
    queue.add(scan);
    queue.add(command(1));
    const drained = queue.drain(25_000);
    queue.add(command(2));
    await finish();
    expect(await drained).toBe(true);
    expect(runs).toEqual(["scan 1"]);

    const stuck = harness(1);
    stuck.queue.start();
    stuck.queue.add(scan);
    const late = stuck.queue.drain(25_000);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await late).toBe(false);
  });
});

test("whatever is added in whatever order, a key never runs twice at once and none is forgotten", async () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 4 }), after: fc.constantFrom(0, 0, 5) }),
    fc.constant("finish" as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { queue, runs, open, finish } = harness(2);
      const added = new Map<string, number>();
      queue.start();
      for (const current of steps) {
        if (current === "finish") await finish();
        else {
          added.set(`command 1 ${current.add}`, runs.length);
          queue.add(command(current.add), current.after);
        }
        expect(new Set(open.map((job) => job.text)).size).toBe(open.length);
      }
      for (let round = 0; round < 20; round++) {
        await finish(2);
        await vi.advanceTimersByTimeAsync(5_000);
      }
      for (const [text, since] of added) expect(runs.slice(since)).toContain(text);
      expect(queue.stats()).toEqual({ ready: 0, delayed: 0, running: 0 });
    }),
    { numRuns: 100 },
  );
});

test("the back-off doubles from one second to five minutes and jitter takes away at most half", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, random) => {
        const seconds = backOffSeconds(attempt, null, random);
        const full = Math.min(300, 2 ** (attempt - 1));
        expect(seconds).toBeLessThanOrEqual(full);
        expect(seconds).toBeGreaterThanOrEqual(full / 2);
      },
    ),
  );
});
