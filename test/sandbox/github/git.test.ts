import { ProbotOctokit } from "probot";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clone } from "./clone.ts";
import { startWorld, type Caller, type Reply, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const zero = "0".repeat(40);
const at = (path: string): string => `${world.home}/git/${path}`;
const text = (path: string, content: string): unknown => ({ path, mode: "100644", type: "blob", content });

/** A commit with these files on top of another, on no branch yet. */
async function commit(parent: string, tree: readonly unknown[], by: Caller = world.app): Promise<string> {
  const made = await by("POST", at("trees"), { base_tree: parent, tree });
  const body = { message: "Change", tree: made.body.sha, parents: [parent] };
  return (await by("POST", at("commits"), body)).body.sha as string;
}

async function branch(name: string, sha: string): Promise<Reply> {
  return await world.app("POST", at("refs"), { ref: `refs/heads/${name}`, sha });
}

describe("references", () => {
  test("are made once, move forward, by force elsewhere, and go", async () => {
    const next = await commit(world.head, [text("a.txt", "a\n")]);
    expect((await branch("topic/one", next)).status).toBe(201);
    expect((await world.app("GET", at("ref/heads/topic/one"))).body.object.sha).toBe(next);
    const backward = { sha: world.head };
    expect(await world.app("PATCH", at("refs/heads/topic/one"), backward)).toMatchObject({
      status: 422,
      body: { message: "Update is not a fast forward" },
    });
    const forced = await world.app("PATCH", at("refs/heads/topic/one"), { ...backward, force: true });
    expect(forced.body.object.sha).toBe(world.head);
    const all = await world.app("GET", at("matching-refs/heads/topic"));
    expect(all.body.map(({ ref }: { ref: string }) => ref)).toEqual(["refs/heads/topic/one"]);
    expect((await world.app("DELETE", at("refs/heads/topic/one"))).status).toBe(204);
    expect((await world.app("GET", at("ref/heads/topic/one"))).status).toBe(404);
  });

  test.each<[string, string, string, unknown, string]>([
    ["made twice", "POST", "refs", { ref: "refs/heads/main" }, "Reference already exists"],
    [
      "made of nothing",
      "POST",
      "refs",
      { ref: "refs/heads/x", sha: "1".repeat(40) },
      "Object does not exist",
    ],
    [
      "made without a folder",
      "POST",
      "refs",
      { ref: "main" },
      "Reference name must start with 'refs/' and contain at least two slashes.",
    ],
    ["moved that is not there", "PATCH", "refs/heads/none", {}, "Reference does not exist"],
    ["deleted that is not there", "DELETE", "refs/heads/none", undefined, "Reference does not exist"],
  ])("are not %s", async (...[, method, path, body, message]) => {
    const sent = body && { sha: world.head, ...body };
    expect(await world.app(method, at(path), sent)).toMatchObject({ status: 422, body: { message } });
  });

  test("move by compare-and-swap: of two who saw the same commit one wins", async () => {
    const [one, two] = [
      await commit(world.head, [text("1", "1")]),
      await commit(world.head, [text("2", "2")]),
    ];
    await branch("contested", world.head);
    const { node_id: repositoryId } = (await world.app("GET", world.home)).body;
    const query = "mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
    const swap = (beforeOid: string, afterOid: string): Promise<Reply> => {
      const refUpdates = [{ name: "refs/heads/contested", beforeOid, afterOid, force: true }];
      return world.app("POST", "/graphql", { query, variables: { input: { repositoryId, refUpdates } } });
    };
    const replies = await Promise.all([swap(world.head, one), swap(world.head, two)]);
    expect(replies.filter(({ body }) => body.errors === undefined)).toHaveLength(1);
    expect(replies.find(({ body }) => body.errors)?.body).toMatchObject({
      data: { updateRefs: null },
      errors: [{ type: "UNPROCESSABLE", path: ["updateRefs"] }],
    });
    const tip = (await world.app("GET", at("ref/heads/contested"))).body.object.sha;
    expect((await swap(zero, one)).body.errors).toHaveLength(1);
    expect((await swap(tip, zero)).body.errors).toBeUndefined();
    expect((await world.app("GET", at("ref/heads/contested"))).status).toBe(404);
  });
});

describe("objects", () => {
  test("made by the App without author are signed as its own; others are not", async () => {
    const tree = (await world.app("GET", at(`commits/${world.head}`))).body.tree.sha;
    const body = { message: "Bump", tree, parents: [world.head] };
    const own = (await world.app("POST", at("commits"), body)).body;
    expect(own).toMatchObject({
      author: { name: "lockkeeper[bot]" },
      committer: { name: "GitHub" },
      verification: { verified: true, reason: "valid" },
    });
    const listed = (await world.app("GET", `${world.home}/commits/${own.sha}`)).body;
    expect([listed.author.login, listed.author.type, listed.committer.login]).toEqual([
      "lockkeeper[bot]",
      "Bot",
      "web-flow",
    ]);
    const author = { name: "Ada", email: "ada@users.noreply.github.com" };
    const claimed = (await world.app("POST", at("commits"), { ...body, author })).body;
    expect(claimed.verification).toMatchObject({ verified: false, reason: "unsigned" });
    expect((await world.grace("POST", at("commits"), body)).body.verification.verified).toBe(false);
  });

  test("a tree takes, replaces and drops paths of its base", async () => {
    const first = await commit(world.head, [text("a/b/one.txt", "1"), text("a/two.txt", "2")]);
    const second = await commit(first, [
      { path: "a/b/one.txt", mode: "100644", type: "blob", sha: null },
      text("a/two.txt", "22"),
    ]);
    const { tree } = (await world.app("GET", at(`trees/${second}?recursive=1`))).body;
    expect(tree.map((entry: { path: string; mode: string }) => `${entry.mode} ${entry.path}`)).toEqual([
      "100644 README.md",
      "040000 a",
      "100644 a/two.txt",
    ]);
  });

  test.each([
    ["a path outside", [text("../x", "")]],
    ["an empty part", [text("a//b", "")]],
    ["a blob that is not there", [{ path: "x", mode: "100644", type: "blob", sha: "1".repeat(40) }]],
    ["no entries", []],
  ])("a tree is refused with %s", async (_, tree) => {
    expect((await world.app("POST", at("trees"), { base_tree: world.head, tree })).status).toBe(422);
  });

  test("a workflow is not for an App without that permission", async () => {
    const tree = [text(".github/workflows/ci.yml", "on: push")];
    expect((await world.app("POST", at("trees"), { base_tree: world.head, tree })).status).toBe(403);
    expect((await world.grace("POST", at("trees"), { base_tree: world.head, tree })).status).toBe(201);
  });

  test("a blob comes back byte for byte", async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf]);
    const content = bytes.toString("base64");
    const { sha } = (await world.app("POST", at("blobs"), { content, encoding: "base64" })).body;
    const { body } = await world.app("GET", at(`blobs/${sha}`));
    expect(Buffer.from(body.content, "base64")).toEqual(bytes);
  });
});

describe("contents", () => {
  test("are read as file and folder, and written with the blob that was seen", async () => {
    const path = `${world.home}/contents/docs/guide.md`;
    const content = Buffer.from("one\n").toString("base64");
    await branch("docs", world.head);
    const made = await world.app("PUT", path, { message: "Add", content, branch: "docs" });
    expect([made.status, made.body.commit.verification.verified]).toEqual([201, true]);
    const blind = await world.app("PUT", path, { message: "Again", content, branch: "docs" });
    expect(blind.status).toBe(422);
    const stale = { message: "Again", content, branch: "docs", sha: "1".repeat(40) };
    expect((await world.app("PUT", path, stale)).status).toBe(409);
    const listed = await world.app("GET", `${world.home}/contents/docs?ref=docs`);
    expect(listed.body.map((one: { path: string }) => one.path)).toEqual(["docs/guide.md"]);
    const { sha } = (await world.app("GET", `${path}?ref=docs`)).body;
    const gone = await world.app("DELETE", path, { message: "Drop", sha, branch: "docs" });
    expect(gone.status).toBe(200);
    expect((await world.app("GET", `${path}?ref=docs`)).status).toBe(404);
  });
});

describe("history", () => {
  test("a comparison goes from the merge base, names renames and pages its commits", async () => {
    const long = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join("");
    const base = await commit(world.head, [text("old.txt", long)]);
    const main = await commit(base, [text("other.txt", "elsewhere")]);
    const renamed = await commit(base, [
      { path: "old.txt", mode: "100644", type: "blob", sha: null },
      text("new.txt", `${long}more\n`),
    ]);
    const head = await commit(renamed, [text("README.md", "changed\n")]);
    const compare = `${world.home}/compare/${main}...${head}`;
    const { body } = await world.app("GET", compare);
    expect(body).toMatchObject({ status: "diverged", ahead_by: 2, behind_by: 1, total_commits: 2 });
    expect(body.merge_base_commit.sha).toBe(base);
    expect(body.commits.map((one: { sha: string }) => one.sha)).toEqual([renamed, head]);
    expect(body.files).toMatchObject([
      { filename: "README.md", status: "modified", additions: 1, deletions: 1 },
      { filename: "new.txt", previous_filename: "old.txt", status: "renamed", additions: 1 },
    ]);
    expect(body.files[0].patch).toBe("@@ -1 +1 @@\n-# GitOps\n+changed");
    const second = await world.app("GET", `${compare}?per_page=1&page=2`);
    expect([second.body.commits[0].sha, second.body.files]).toEqual([head, []]);
  });

  test("every move of a branch is told, newest first, page by page", async () => {
    const next = await commit(world.head, [text("x", "x")]);
    await branch("told", world.head);
    await world.app("PATCH", at("refs/heads/told"), { sha: next });
    await world.app("PATCH", at("refs/heads/told"), { sha: world.head, force: true });
    await world.app("DELETE", at("refs/heads/told"));
    const first = await world.app("GET", `${world.home}/activity?ref=told&per_page=3`);
    const after = /after=([^&>]+)[^>]*>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1];
    const rest = await world.app("GET", `${world.home}/activity?ref=told&per_page=3&after=${after}`);
    expect(rest.headers.get("link")).toBeNull();
    const all = [...first.body, ...rest.body] as { activity_type: string; actor: { login: string } }[];
    expect(all.map((one) => one.activity_type)).toEqual([
      "branch_deletion",
      "force_push",
      "push",
      "branch_creation",
    ]);
    expect(new Set(all.map((one) => one.actor.login))).toEqual(new Set(["lockkeeper[bot]"]));
  });
});

describe("archives", () => {
  test("stand on another origin behind a secret that works once", async () => {
    const reply = await world.app("GET", `${world.home}/tarball/main`);
    const location = reply.headers.get("location") ?? "";
    expect([reply.status, new URL(location).origin]).toEqual([302, world.github.webUrl]);
    const names: string[] = [];
    const archive = await fetch(location);
    const entries = createGunzip();
    entries.end(Buffer.from(await archive.arrayBuffer()));
    for await (const entry of entries.pipe(extract())) {
      names.push(entry.header.name);
      entry.resume();
    }
    const folder = `acme-gitops-${world.head.slice(0, 7)}`;
    expect(names.filter((name) => !name.includes("pax"))).toEqual([`${folder}/`, `${folder}/README.md`]);
    expect((await fetch(location)).status).toBe(404);
  });
});

test("octokit and git see the same commit", async () => {
  const octokit = new ProbotOctokit({
    baseUrl: world.github.apiUrl,
    auth: { token: world.github.addUser("grace") },
  });
  const { data } = await octokit.rest.git.getRef({ owner: "acme", repo: "gitops", ref: "heads/main" });
  const local = await clone(world, "grace");
  expect((await local.git("rev-parse", "origin/main")).text.trim()).toBe(data.object.sha);
  await local.remove();
});
