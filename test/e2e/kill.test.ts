/**
 * `kill -9` of `serve` at any moment: just before a write to GitHub or the cluster is sent, and just after it took effect
 * but before its answer is read. Started again, the loop completes and everything visible is there once.
 *
 * A few points of the story are tried, chosen by LOCKKEEPER_SEED; with LOCKKEEPER_SOAK=1 all of them.
 */

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { drift } from "../../src/cli/demo/drift.ts";
import { release } from "../../src/cli/demo/release.ts";
import type { Write } from "./gate.ts";
import { type Point, beginLives } from "./lives.ts";
import { notOnce } from "./once-each.ts";
import { play } from "./stage-of.ts";

const soak = process.env["LOCKKEEPER_SOAK"] === "1";
const seed = process.env["LOCKKEEPER_SEED"] ?? "1";
const slice = 4;
/** Stories at one time: they wait most of theirs. */
const lanes = 2;

interface End {
  readonly point: string;
  /** False where the story had fewer writes this time. */
  readonly reached: boolean;
  /** Why the loop did not complete; null when it did. */
  readonly lost: string | null;
  readonly doubled: readonly string[];
  readonly writes: number;
}

/** Plays the story with one kill in it, or none, and looks at what is there afterwards. */
async function story(point: Point | null): Promise<End> {
  const lives = await beginLives(point);
  try {
    await play(lives.stage, [...release, ...drift], () => "");
    const { length: writes } = lives.writes;
    await lives.lookAgain();
    const written = lives.writes.slice(writes).map(({ method, path }) => `wrote again: ${method} ${path}`);
    const doubled = [...(await notOnce(lives.stage)), ...written];
    return { ...whereOf(point, lives.writes), lost: null, doubled, writes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { length: writes } = lives.writes;
    return { ...whereOf(point, lives.writes), lost: `${reason}\n${lives.tail()}`, doubled: [], writes };
  } finally {
    await lives.close();
  }
}

function whereOf(point: Point | null, writes: readonly Write[]): Pick<End, "point" | "reached"> {
  if (point === null) return { point: "no kill", reached: false };
  const { method, path } = writes[point.write - 1] ?? { method: "that was not there", path: "" };
  const name = `${point.after ? "after" : "before"} write ${point.write}, ${method} ${path}`;
  return { point: name, reached: writes.length >= point.write };
}

/** All points, or one out of each part of the story. */
function choose(writes: number): readonly Point[] {
  const all = Array.from({ length: 2 * writes }, (_, index) => ({
    write: Math.floor(index / 2) + 1,
    after: index % 2 === 1,
  }));
  if (soak) return all;
  const size = Math.floor(all.length / slice);
  return Array.from({ length: slice }, (_, part) => {
    const random = createHash("sha256").update(`${seed} ${part}`).digest().readUInt32BE();
    return all[part * size + (random % size)]!;
  });
}

async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const rest = [...items];
  const results: R[] = [];
  const lane = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

test(
  "killed at any write, it loses nothing and doubles nothing",
  { timeout: soak ? 7_200_000 : 300_000 },
  async () => {
    const quiet = await story(null);
    expect(quiet).toMatchObject({ lost: null, doubled: [] });
    const ends = await inLanes(choose(quiet.writes), async (point) => {
      const end = await story(point);
      if (end.lost !== null || end.doubled.length > 0) console.log(end);
      return end;
    });
    const lost = ends.filter((end) => end.lost !== null);
    const doubled = ends.filter((end) => end.doubled.length > 0);
    const points = ends.filter((end) => end.reached).length;
    console.log(
      `killed at ${soak ? "every write" : `writes chosen by LOCKKEEPER_SEED=${seed}`} of ${quiet.writes}: ` +
        `${points} points, ${lost.length} lost, ${doubled.length} doubled`,
    );
    expect([...lost, ...doubled]).toEqual([]);
    expect(points).toBeGreaterThan(0);
  },
);
