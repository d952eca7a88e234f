import { afterEach, describe, expect, test } from "vitest";
import { type OwnThreads, type ThreadOptions, createThreads } from "../../src/threads/create-threads.ts";
import { breaksOff, firstByte, neverEnds, takesAllMemory, whichThread } from "./hostile-tasks.ts";

const opened: OwnThreads[] = [];
afterEach(() => {
  for (const threads of opened.splice(0)) threads.close();
});

function open(options: Partial<ThreadOptions> = {}): OwnThreads {
  const threads = createThreads(options);
  opened.push(threads);
  return threads;
}

async function threadOf(threads: OwnThreads): Promise<number> {
  const ran = await threads.first(whichThread, { small: false });
  if (!ran.ok) throw new Error(ran.failure.message);
  return ran.value;
}

describe("a task", () => {
  test("runs beside this thread, on one that is used again, and here where it is small", async () => {
    const threads = open();
    const first = await threadOf(threads);
    expect(first).toBeGreaterThan(0);
    expect(await threadOf(threads)).toBe(first);
    expect(await threads.first(whichThread, { small: true })).toEqual({ ok: true, value: 0 });
  });

  test("that takes too long is cut off, and what it has said until then is kept", async () => {
    const threads = open({ deadlineMs: 1500 });
    const values: number[] = [];
    const ended = await threads.each(neverEnds, 3, (value) => void values.push(value));
    expect(ended).toEqual({ ok: false, failure: { code: "timeout", message: "took longer than 1.5 s" } });
    expect(values).toEqual([0, 1, 2]);
  });

  test("that is cut off keeps no other from its turn, though there is one thread only", async () => {
    const threads = open({ deadlineMs: 1500, atOnce: 1 });
    const cut = threads.first(neverEnds, 0);
    const others = await Promise.all([threadOf(threads), threadOf(threads)]);
    expect(others[0]).toBe(others[1]);
    expect(await cut).toMatchObject({ ok: false, failure: { code: "timeout" } });
  });

  test("that wants all memory ends alone", async () => {
    const threads = open({ memoryMiB: 32, deadlineMs: 60_000 });
    expect(await threads.first(takesAllMemory, null)).toEqual({
      ok: false,
      failure: { code: "too-large", message: "needed more than 32 MiB of memory" },
    });
    expect(await threadOf(threads)).toBeGreaterThan(0);
  });

  test("that breaks off is a failure, and its thread goes on", async () => {
    const threads = open();
    const before = await threadOf(threads);
    const broken = { ok: false, failure: { code: "malformed", message: "broke off (RangeError)" } };
    expect(await threads.first(breaksOff, null)).toEqual(broken);
    expect(await threadOf(threads)).toBe(before);
  });

  test("reads shared memory as it is", async () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(8), 2, 4).fill(7);
    expect(await open().first(firstByte, bytes)).toEqual({ ok: true, value: 7 });
  });
});

describe("threads", () => {
  test("are ended when none is needed for a while", async () => {
    const threads = open({ idleMs: 1 });
    const first = await threadOf(threads);
    await expect.poll(() => threadOf(threads), { timeout: 30_000 }).not.toBe(first);
  });

  test("that are closed cut off what runs and what waits", async () => {
    const threads = open({ atOnce: 1 });
    const running = threads.first(neverEnds, 0);
    const waiting = threads.first(whichThread, { small: false });
    threads.close();
    const cancelled = { ok: false, failure: { code: "cancelled" } };
    expect(await running).toMatchObject(cancelled);
    expect(await waiting).toMatchObject(cancelled);
  });
});
