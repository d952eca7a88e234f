import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emptyProtection } from "../../../src/sandbox/github/store.ts";
import { clone, git, remote, type Clone } from "./clone.ts";
import { tipOf } from "./pull-request.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let grace: Clone;

beforeAll(async () => {
  world = await startWorld();
  grace = await clone(world, "grace");
});
afterAll(async () => {
  await grace.remove();
  await world.stop();
});

describe("a push", () => {
  test("arrives with its commits, is told as an event and kept as activity", async () => {
    await world.github.settle();
    world.receiver.take();
    const sha = await grace.commit("Add a page", { "page.md": "one\n" });
    expect((await grace.git("push", "origin", "HEAD:refs/heads/page")).code).toBe(0);
    expect(await tipOf(world, "page")).toBe(sha);
    await world.github.settle();
    const event = world.receiver.received.find(({ name }) => name === "push");
    expect(event?.payload).toMatchObject({
      ref: "refs/heads/page",
      after: sha,
      created: true,
      forced: false,
      pusher: { name: "grace" },
      commits: [{ id: sha, message: "Add a page", added: ["page.md"], author: { username: "grace" } }],
    });
    expect(event?.signedWith(world.github.webhookSecret)).toBe(true);
    const [move] = (await world.app("GET", `${world.home}/activity?ref=page`)).body;
    expect(move).toMatchObject({ activity_type: "branch_creation", after: sha, actor: { login: "grace" } });
  });

  test("of much is taken too", async () => {
    const large = randomBytes(3_000_000).toString("base64");
    const sha = await grace.commit("Add something large", { "large.txt": large });
    expect((await grace.git("push", "origin", "HEAD:refs/heads/large")).code).toBe(0);
    expect(await tipOf(world, "large")).toBe(sha);
    const other = await clone(world, "linus");
    expect((await other.git("rev-parse", "origin/large")).text.trim()).toBe(sha);
    await other.remove();
  });

  test("by force is told as such, and moves the pull request", async () => {
    await grace.commit("First try", { "force.txt": "1\n" });
    await grace.git("push", "origin", "HEAD:refs/heads/force");
    const draft = { title: "Force", head: "force", base: "main" };
    const { number } = (await world.grace("POST", `${world.home}/pulls`, draft)).body;
    await grace.git("commit", "--quiet", "--amend", "-m", "Second try");
    expect((await grace.git("push", "origin", "HEAD:refs/heads/force")).text).toContain("non-fast-forward");
    expect((await grace.git("push", "--force", "origin", "HEAD:refs/heads/force")).code).toBe(0);
    const { head } = (await world.app("GET", `${world.home}/pulls/${number}`)).body;
    expect(head.sha).toBe((await grace.git("rev-parse", "HEAD")).text.trim());
    const [move] = (await world.app("GET", `${world.home}/activity?ref=force`)).body;
    expect(move.activity_type).toBe("force_push");
  });

  test("of a branch away from it deletes it", async () => {
    await grace.git("push", "origin", "HEAD:refs/heads/passing");
    expect((await grace.git("push", "origin", ":refs/heads/passing")).code).toBe(0);
    const [move] = (await world.app("GET", `${world.home}/activity?ref=passing`)).body;
    expect(move.activity_type).toBe("branch_deletion");
  });
});

describe("a protected branch", () => {
  test("refuses a push ref by ref in GitHub's words, but not that of an administrator", async () => {
    const { github, repository } = world;
    const protection = { ...emptyProtection(), requirePullRequest: true };
    protection.checks.push({ context: "lockkeeper/signoff", appId: github.appId });
    repository.protections.set("main", protection);
    const sha = await grace.commit("Straight to main", { "main.txt": "1\n" });
    const refused = await grace.git("push", "origin", "HEAD:refs/heads/main", "HEAD:refs/heads/beside");
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("GH006: Protected branch update failed for refs/heads/main.");
    expect(refused.text).toContain("Changes must be made through a pull request.");
    expect([await tipOf(world, "main"), await tipOf(world, "beside")]).toEqual([world.head, sha]);
    const ada = remote(world, github.addUser("ada"));
    expect((await grace.git("push", ada, "HEAD:refs/heads/main")).code).toBe(0);
    expect(await tipOf(world, "main")).toBe(sha);
    await grace.git("commit", "--quiet", "--amend", "-m", "Rewritten");
    expect((await grace.git("push", "--force", ada, "HEAD:refs/heads/main")).code).not.toBe(0);
    repository.protections.clear();
  });
});

describe("who may", () => {
  test.each<[string, () => string, RegExp]>([
    ["read only", () => world.github.addUser("mallory"), /403/],
    ["nothing", () => world.github.addUser("stranger"), /not found/],
    ["what a wrong token may", () => "ghp_wrong", /Authentication failed/],
  ])("%s pushes nothing", async (_, token, message) => {
    const pushed = await grace.git("push", remote(world, token()), "HEAD:refs/heads/foreign");
    expect([pushed.code, pushed.text]).toEqual([128, expect.stringMatching(message)]);
  });

  test("an App pushes with its token, but no workflows", async () => {
    const { body: installation } = await world.jwt("GET", `${world.home}/installation`);
    const { body } = await world.jwt("POST", `/app/installations/${installation.id}/access_tokens`);
    const address = remote(world, body.token as string);
    expect((await grace.git("push", address, "HEAD:refs/heads/by-app")).code).toBe(0);
    const [move] = (await world.app("GET", `${world.home}/activity?ref=by-app`)).body;
    expect(move.actor.login).toBe("lockkeeper[bot]");
    await grace.git("switch", "--quiet", "--create", "workflow");
    await mkdir(join(grace.folder, ".github/workflows"), { recursive: true });
    await grace.commit("Add a workflow", { ".github/workflows/ci.yml": "on: push\n" });
    const refused = await grace.git("push", address, "HEAD:refs/heads/workflow");
    expect(refused.text).toMatch(/refusing to allow a GitHub App to create or update workflow/);
  });

  test("nobody clones a private repository without a token; everybody a public one", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-clone-"));
    const address = `${world.github.webUrl}/acme/gitops.git`;
    expect((await git(folder, "ls-remote", address)).code).toBe(128);
    world.repository.private = false;
    expect((await git(folder, "ls-remote", address)).text).toContain("refs/heads/main");
    world.repository.private = true;
  });
});
