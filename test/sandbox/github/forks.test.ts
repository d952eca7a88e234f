import { afterEach, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

async function push(path: string, content: string): Promise<string> {
  const { mallory } = world;
  const at = "/repos/mallory/gitops/contents";
  const old = await mallory("GET", `${at}/${path}?ref=main`);
  const text = Buffer.from(content).toString("base64");
  const sha = old.status === 200 ? old.body.sha : undefined;
  const put = await mallory("PUT", `${at}/${path}`, {
    message: "Change",
    content: text,
    branch: "main",
    sha,
  });
  return put.body.commit.sha;
}

test("a reader forks, opens a pull request from there, and it follows what is pushed to the fork", async () => {
  const { mallory, grace, home } = world;
  const fork = await mallory("POST", `${home}/forks`);
  expect([fork.status, fork.body.full_name, fork.body.fork]).toEqual([202, "mallory/gitops", true]);
  const first = await push("a.yaml", "a: 1\n");
  const draft = { title: "Change", head: "mallory:main", base: "main" };
  const opened = await mallory("POST", `${home}/pulls`, draft);
  expect([opened.status, opened.body.head.label, opened.body.head.sha]).toEqual([201, "mallory:main", first]);
  expect(opened.body.head.repo.id).toBe(fork.body.id);
  expect((await mallory("POST", `${home}/pulls`, draft)).status).toBe(422);
  const number = opened.body.number;
  const second = await push("b.yaml", "b: 1\n");
  const { body: read } = await grace("GET", `${home}/pulls/${number}`);
  expect(read.head.sha).toBe(second);
  const { body: files } = await grace("GET", `${home}/pulls/${number}/files`);
  expect(files.map(({ filename }: { filename: string }) => filename)).toEqual(["a.yaml", "b.yaml"]);
  expect((await grace("GET", `${home}/compare/main...${second}`)).body.total_commits).toBe(2);
  expect((await grace("PUT", `${home}/pulls/${number}/merge`)).status).toBe(200);
});

test("a force-push in a fork is an event of its pull request", async () => {
  const { mallory, home } = world;
  await mallory("POST", `${home}/forks`);
  await push("a.yaml", "a: 1\n");
  const draft = { title: "Change", head: "mallory:main", base: "main" };
  const { number } = (await mallory("POST", `${home}/pulls`, draft)).body;
  const tree = { base_tree: world.head, tree: [{ path: "c", mode: "100644", type: "blob", content: "c" }] };
  const { sha } = (await mallory("POST", "/repos/mallory/gitops/git/trees", tree)).body;
  const commit = { message: "Other", tree: sha, parents: [world.head] };
  const other = (await mallory("POST", "/repos/mallory/gitops/git/commits", commit)).body.sha;
  await mallory("PATCH", "/repos/mallory/gitops/git/refs/heads/main", { sha: other, force: true });
  const { body: events } = await mallory("GET", `${home}/issues/${number}/events`);
  expect(events.map(({ event }: { event: string }) => event)).toEqual(["head_ref_force_pushed"]);
  expect((await mallory("GET", `${home}/pulls/${number}`)).body.head.sha).toBe(other);
});

test("nobody opens a pull request from a fork that is not there", async () => {
  const draft = { title: "Change", head: "mallory:main", base: "main" };
  expect((await world.mallory("POST", `${world.home}/pulls`, draft)).status).toBe(422);
});
