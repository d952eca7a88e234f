/** One bare repository: objects and refs, read from its files or through one process, and written by the git command line. */

import { type History, historyOf } from "./history.ts";
import {
  createObjectReader,
  type GitObject,
  type ObjectInfo,
  type ObjectReader,
  type ObjectType,
} from "./object-reader.ts";
import { looseObjects } from "./loose-objects.ts";
import { parseCommit, parseTree, type CommitObject, type TreeEntry } from "./object-text.ts";
import { readObjects } from "./read-objects.ts";
import { moveRefFile, readRefFile, setRefFile } from "./ref-file.ts";
import { GitError, runGit } from "./run-git.ts";

export const zeroSha = "0".repeat(40);

export interface RefMove {
  /** Full name, `refs/heads/main`. */
  readonly ref: string;
  /** Forty zeroes where the ref must not exist yet. */
  readonly before: string;
  /** Forty zeroes to delete. */
  readonly after: string;
}

export interface Git extends History {
  readonly directory: string;
  /** Any git command; for what has no method here. */
  readonly run: (
    args: readonly string[],
    input?: Uint8Array | string,
    accept?: readonly number[],
  ) => Promise<Buffer>;
  readonly info: (revision: string) => Promise<ObjectInfo | undefined>;
  readonly object: (revision: string) => Promise<GitObject | undefined>;
  /** The commit that a branch, tag or id names. */
  readonly commitOf: (revision: string) => Promise<string | undefined>;
  /** A commit that exists; throws where it does not. */
  readonly commit: (sha: string) => Promise<CommitObject>;
  /** Entries of the tree of an id, which never moves; `sha` may be a commit's too. */
  readonly tree: (sha: string) => Promise<readonly TreeEntry[] | undefined>;
  readonly write: (type: ObjectType, content: Uint8Array | string) => Promise<string>;
  readonly ref: (name: string) => Promise<string | undefined>;
  /** Refs whose full name begins so, in order of name. */
  readonly refs: (prefix: string) => Promise<ReadonlyMap<string, string>>;
  /** Points one of GitHub's own refs, `refs/pull/`, at a commit. */
  readonly point: (name: string, sha: string) => void;
  /** Moves all refs or none; false where one is not where it was expected. */
  readonly move: (moves: readonly RefMove[]) => Promise<boolean>;
  readonly close: () => void;
}

/** Opens a bare repository that exists already. */
export function openGit(directory: string): Git {
  const batch = createObjectReader(directory);
  const loose = looseObjects(directory);
  const reader = readObjects(loose, batch);
  const run: Git["run"] = (args, input, accept) => runGit(args, { directory, input, accept });
  const line = async (args: readonly string[], accept?: readonly number[]): Promise<string> =>
    (await run(args, undefined, accept)).toString("utf8").trim();
  const objects = parsedObjects(reader);
  const ref: Git["ref"] = async (name) => {
    // A name that holds revision syntax is no ref.
    if (/[~^:?*[\\\s]|\.\.|@\{/.test(name)) return undefined;
    const read = readRefFile(directory, name);
    return read === undefined ? (await batch.info(name))?.sha : (read ?? undefined);
  };
  return {
    directory,
    run,
    info: reader.info,
    object: reader.read,
    commitOf: async (revision) => {
      const name = revision.startsWith("refs/") ? await ref(revision) : revision;
      return (await reader.info(`${name ?? revision}^{commit}`))?.sha;
    },
    ...objects,
    write: async (type, content) => loose.write(type, content),
    ref,
    refs: async (prefix) => {
      const listed = await line(["for-each-ref", "--format=%(objectname) %(refname)"]);
      const all = listed.split("\n").map((entry) => [entry.slice(41), entry.slice(0, 40)] as const);
      return new Map(all.filter(([name]) => name !== "" && name.startsWith(prefix)));
    },
    point: (name, sha) => setRefFile(directory, name, sha),
    move: async (moves) => {
      const [only] = moves;
      const isCommit = only !== undefined && loose.read(only.after)?.type === "commit";
      const moved = moves.length === 1 && isCommit ? moveRefFile(directory, only) : undefined;
      return moved ?? (await updateRefs(run, moves));
    },
    ...historyOf(line, objects.commit),
    close: batch.close,
  };
}

async function updateRefs(run: Git["run"], moves: readonly RefMove[]): Promise<boolean> {
  const script = moves.map(({ ref, before, after }) => `update ${ref}\0${after}\0${before}\0`).join("");
  return await run(["update-ref", "-z", "--stdin"], script).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GitError) return false;
      throw error;
    },
  );
}

/** Commits and trees, parsed. Objects never change, so what was read once is kept. */
function parsedObjects(reader: Pick<ObjectReader, "read">): Pick<Git, "commit" | "tree"> {
  const commits = new Map<string, CommitObject>();
  const trees = new Map<string, readonly TreeEntry[]>();
  return {
    commit: async (sha) => {
      const known = commits.get(sha);
      if (known) return known;
      const object = await reader.read(sha);
      if (object?.type !== "commit") throw new Error(`${sha} is not a commit`);
      const commit = parseCommit(sha, object.content);
      commits.set(sha, commit);
      return commit;
    },
    tree: async (sha) => {
      const known = trees.get(sha);
      if (known) return known;
      const object = await reader.read(`${sha}^{tree}`);
      if (!object) return undefined;
      const entries = parseTree(object.content);
      trees.set(sha, entries);
      return entries;
    },
  };
}
