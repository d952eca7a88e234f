/** What the sandbox reads and writes of a bare repository without Git is what Git itself reads and writes. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archiveOf } from "../../../src/sandbox/github/git/archive.ts";
import { changedPaths } from "../../../src/sandbox/github/git/changed-paths.ts";
import { CommandShell } from "../../../src/sandbox/github/git/command-shell.ts";
import { type Git, openGit, zeroSha } from "../../../src/sandbox/github/git/git.ts";
import { initBare } from "../../../src/sandbox/github/git/init-bare.ts";
import { formatCommit } from "../../../src/sandbox/github/git/object-text.ts";
import { gitEnvironment } from "../../../src/sandbox/github/git/run-git.ts";
import { type TreeChange, writeTree } from "../../../src/sandbox/github/git/write-tree.ts";

let directory: string;
let git: Git;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lockkeeper-git-"));
  await initBare(directory);
  git = openGit(directory);
});
afterEach(async () => {
  git.close();
  await rm(directory, { recursive: true, force: true });
});

const text = (bytes: Buffer): string => bytes.toString("utf8").trim();
const date = new Date("2024-01-01T00:00:00Z");
const ada = { name: "ada", email: "ada@localhost", date, zone: "+0000" };

async function treeOf(files: Readonly<Record<string, string>>): Promise<string> {
  const changes: TreeChange[] = [];
  for (const [path, content] of Object.entries(files))
    changes.push({
      path,
      mode: content.startsWith("#!") ? "100755" : "100644",
      sha: await git.write("blob", content),
    });
  return await writeTree(git, null, changes);
}

async function commit(
  files: Readonly<Record<string, string>>,
  parents: readonly string[] = [],
): Promise<string> {
  const tree = await treeOf(files);
  const message = `of ${tree}\n`;
  return await git.write(
    "commit",
    formatCommit({ tree, parents, author: ada, committer: ada, message, signature: null }),
  );
}

const main = "refs/heads/main";

test("objects and refs are the same before and after Git has packed them", async () => {
  const first = await commit({ "a.txt": "a\n", "b/c.txt": "\u0000\u00e9\n" });
  const second = await commit({ "a.txt": "b\n" }, [first]);
  expect(await git.move([{ ref: main, before: zeroSha, after: first }])).toBe(true);
  expect(await git.move([{ ref: main, before: first, after: second }])).toBe(true);
  git.point("refs/pull/1/head", first);
  expect(text(await git.run(["fsck", "--strict", "--no-dangling"]))).toBe("");
  expect(text(await git.run(["rev-parse", main, "refs/pull/1/head"]))).toBe(`${second}\n${first}`);
  await git.run(["repack", "-adq"]);
  await git.run(["prune-packed"]);
  await git.run(["pack-refs", "--all", "--prune"]);
  const again = openGit(directory);
  try {
    for (const revision of [first, `${first}^{tree}`, `${second}^{commit}`, (await git.commit(first)).tree])
      expect(await again.object(revision)).toEqual(await git.object(revision));
    expect(await again.ref(main)).toBe(second);
    expect(await again.ref("refs/heads/none")).toBeUndefined();
    expect(await again.move([{ ref: main, before: second, after: first }])).toBe(true);
    expect(await again.ref(main)).toBe(first);
    expect(text(await again.run(["rev-parse", main]))).toBe(first);
  } finally {
    again.close();
  }
});

test("a ref moves only from where it is, and not while somebody else holds its lock", async () => {
  const [first, second] = [await commit({ a: "1" }), await commit({ a: "2" })];
  await git.move([{ ref: main, before: zeroSha, after: first }]);
  expect(await git.move([{ ref: main, before: second, after: first }])).toBe(false);
  await writeFile(join(directory, `${main}.lock`), "");
  expect(await git.move([{ ref: main, before: first, after: second }])).toBe(false);
  await rm(join(directory, `${main}.lock`));
  expect(await git.ref(main)).toBe(first);
  const blob = await git.write("blob", "no commit");
  expect(await git.move([{ ref: main, before: first, after: blob }])).toBe(false);
  expect(await git.move([{ ref: main, before: first, after: second }])).toBe(true);
  expect(await readFile(join(directory, main), "utf8")).toBe(`${second}\n`);
});

test("a ref is made where there is none, neither it nor below or above one", async () => {
  const sha = await commit({ a: "1" });
  const make = (ref: string): Promise<boolean> => git.move([{ ref, before: zeroSha, after: sha }]);
  for (const name of ["main", "a/b/c"]) expect(await make(`refs/heads/${name}`)).toBe(true);
  for (const name of [
    "main",
    "main/x",
    "a",
    "a/b",
    "x.lock",
    "x..y",
    "-/.x",
    "a b",
    "x@{1}",
    "x/",
    "x//y",
    "x^",
  ])
    expect(await make(`refs/heads/${name}`)).toBe(false);
  expect(await git.move([{ ref: "refs/heads/a/b/c", before: sha, after: zeroSha }])).toBe(true);
  expect(await make("refs/heads/a/b")).toBe(true);
  await git.run(["pack-refs", "--all", "--prune"]);
  for (const name of ["main", "main/x", "a"]) expect(await make(`refs/heads/${name}`)).toBe(false);
  expect([...(await git.refs("refs/"))]).toEqual([
    ["refs/heads/a/b", sha],
    ["refs/heads/main", sha],
  ]);
});

test("names that are no refs are none", async () => {
  await git.move([{ ref: main, before: zeroSha, after: await commit({ a: "1" }) }]);
  for (const name of [
    "refs/heads",
    "refs/heads/main.lock",
    "refs/heads/main/x",
    "refs/heads/../heads/main",
    "config",
  ])
    expect(await git.ref(name)).toBeUndefined();
});

test("changed paths are those that git diff-tree tells", async () => {
  const before = await commit({
    "a.txt": "a\n",
    "b/c.txt": "c\n",
    "b/d": "d\n",
    "run.sh": "x",
    e: "e",
    same: "s",
  });
  const after = await commit({
    "a.txt": "A\n",
    "b/d/f": "f\n",
    "run.sh": "#!x",
    "e/g": "g",
    same: "s",
    z: "z",
  });
  for (const [from, to] of [
    [before, after],
    [after, before],
    [null, after],
  ] as const) {
    const empty = await git.write("tree", "");
    const args = ["diff-tree", "-r", "--no-renames", "--name-status", from ?? empty, to];
    const lines = text(await git.run(args)).split("\n");
    const of = (letter: string): string[] =>
      lines
        .filter((line) => line.startsWith(letter))
        .map((line) => line.slice(2))
        .toSorted();
    const { added, removed, modified } = await changedPaths(git, from, to);
    expect([added, removed, modified].map((paths) => paths.toSorted())).toEqual([of("A"), of("D"), of("M")]);
  }
});

const long = `${"x".repeat(90)}/${"y".repeat(90)}`;

test.each<[string, Readonly<Record<string, string>>]>([
  [
    "plain files",
    { "a.txt": "a\n", "b/c/d.yaml": "d: 1\n", "b/run.sh": "#!/bin/sh\n", empty: "", x: "x".repeat(512) },
  ],
  ["a long name", { "a.txt": "a\n", [long]: "long" }],
  ["attributes", { "a.txt": "a\n", "b/.gitattributes": "*.yaml export-ignore\n", "b/d.yaml": "d: 1\n" }],
])("an archive of %s is that of git archive, to the byte", async (_, files) => {
  const sha = await commit(files);
  const theirs = await git.run(["archive", "--format=tar", "--prefix=folder/", sha]);
  const own = gunzipSync(await archiveOf(git, sha, "folder"));
  // Git fills up to 20 blocks.
  expect(own.toString("latin1")).toBe(theirs.toString("latin1", 0, own.length));
  expect(theirs.subarray(own.length).every((byte) => byte === 0)).toBe(true);
});

test("a command gets its words and its input to the byte, and its answer comes whole", async () => {
  const shell = new CommandShell(gitEnvironment());
  const input = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const words = ["it's", "$HOME `x` \\", "two\nlines", "-n", ""];
  const [echoed, told, failed, long] = await Promise.all([
    shell.run({ command: ["cat"], input }),
    shell.run({ command: ["printf", "%s|", ...words] }),
    shell.run({ command: ["sh", "-c", "printf out; printf err >&2; exit 3"] }),
    shell.run({ command: ["seq", "100000"] }),
  ]);
  expect(Uint8Array.from(echoed.stdout)).toEqual(input);
  expect(told.stdout.toString()).toBe(`${words.join("|")}|`);
  expect([failed.code, String(failed.stdout), String(failed.stderr)]).toEqual([3, "out", "err"]);
  expect(long.stdout.toString().split("\n")).toHaveLength(100_001);
});

test("a shell that was ended fails the command that it ran, and another one runs the next", async () => {
  const shell = new CommandShell(gitEnvironment());
  await expect(shell.run({ command: ["sh", "-c", "kill -9 $PPID"] })).rejects.toThrow("ended");
  expect(String((await shell.run({ command: ["echo", "again"] })).stdout)).toBe("again\n");
});
