/** Which units another bot has a pull request open for. */

import { type Result, ok } from "../../model/failure.ts";
import type { FileChange, PullRequest } from "../../model/pull.ts";
import { type Rival, isBots, rivalOf } from "../../plan/rival.ts";
import type { Unit } from "../../plan/unit.ts";
import type { Bench } from "./scan-write.ts";

/** What the heads of rivals change, which is the same for ever. */
const memory = new WeakMap<Bench["world"], Map<string, readonly FileChange[]>>();

/** Read at most: more bots' pull requests than this would cost more than a pull request too many. */
const mostRead = 30;

/**
 * Why a unit is not to be opened: the sentence names the pull request that moves its images already. Costs one request for
 * each rival's head that was not looked at before, and one for the commit's files.
 */
export async function rivalReasons(
  bench: Bench,
  units: readonly Unit[],
  others: readonly PullRequest[],
): Promise<Result<ReadonlyMap<string, string>>> {
  const { repository, self } = bench;
  const bots = others
    .filter((pull) => isBots(pull, repository.id) && pull.author.id !== self.id)
    .slice(0, mostRead);
  if (units.length === 0 || bots.length === 0) return ok(new Map());
  const rivals: Rival[] = [];
  for (const pull of bots) {
    const files = await filesOf(bench, pull);
    if (!files.ok) return files;
    rivals.push({ pull, files: files.value });
  }
  const snapshot = await bench.forge.code.snapshot(bench.head.sha);
  if (!snapshot.ok) return snapshot;
  const lineAt = lineReader(snapshot.value.files);
  const reasons = units.flatMap((unit) => {
    const rival = rivalOf(unit, rivals, lineAt);
    return rival === undefined ? [] : [[unit.branch, reasonOf(rival)] as const];
  });
  return ok(new Map(reasons));
}

function reasonOf({ pull: { number, author } }: Rival): string {
  return `#${number} by ${author.login} moves it already.`;
}

async function filesOf({ world, forge }: Bench, pull: PullRequest): Promise<Result<readonly FileChange[]>> {
  const known = memory.get(world) ?? new Map<string, readonly FileChange[]>();
  memory.set(world, known);
  const remembered = known.get(pull.headSha);
  if (remembered !== undefined) return ok(remembered);
  const files = await forge.pulls.files(pull.number);
  // One that changes more files than GitHub lists, or that is gone meanwhile, is no update of an image.
  const found = files.ok ? files.value : [];
  if (!files.ok && !["incomplete", "not-found"].includes(files.failure.code)) return files;
  if (known.size >= 200) known.clear();
  known.set(pull.headSha, found);
  return ok(found);
}

function lineReader(
  files: ReadonlyMap<string, Uint8Array>,
): (file: string, line: number) => string | undefined {
  const texts = new Map<string, readonly string[]>();
  return (file, line) => {
    const known = texts.get(file) ?? new TextDecoder().decode(files.get(file)).split("\n");
    texts.set(file, known);
    return known[line - 1];
  };
}
