import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runKey } from "../../../src/cli/run-key.ts";
import { configPath } from "../../../src/config/config.ts";
import { dashboard } from "../../../src/flows/dashboard/dashboard.ts";
import { scan } from "../../../src/flows/scan/scan.ts";
import type { World } from "../../../src/flows/world.ts";
import type { RepositoryRef } from "../../../src/model/repository.ts";
import type { Repository } from "../../../src/sandbox/github/repository-state.ts";
import { type ScanWorld, pod, pushImage, startScan } from "../scan-world.ts";
import { type Answer, value } from "../user-call.ts";

const web = "apps/web/production/web.yaml";
let world: ScanWorld;
let process: World;
let record: Repository;

beforeEach(async () => {
  world = await startScan({ [web]: pod("acme/web:1.0.0") }, ["acme/web:1.0.0", "acme/web:1.1.0"]);
  process = { ...world.world };
  record = world.github.hub.store.repositories[0]!;
  for (const account of record.collaborators.keys()) record.collaborators.set(account, "admin");
});

afterEach(() => world.stop());

/** By the process that has been there before; `again` is one that has just started. */
async function scanned(repository: RepositoryRef = world.repository, by = process): Promise<void> {
  value(await scan(by, repository));
}

const again = (repository = world.repository): Promise<void> => scanned(repository, { ...process });

interface Seen {
  readonly number: number;
  readonly title: string;
  readonly base: string;
}

/** By what people see: number, title and base of each pull request. */
async function pulls(state = "open"): Promise<readonly Seen[]> {
  const listed: Answer[] = await world.ada("GET", `/pulls?state=${state}`);
  return listed.map(({ number, title, base }) => ({ number, title, base: base.ref }));
}

async function dashboards(): Promise<readonly Answer[]> {
  return await world.ada("GET", "/issues?state=all&labels=lockkeeper/dashboard");
}

/** The repository as GitHub tells of it now. */
async function told(): Promise<RepositoryRef> {
  const listed = value(await world.forge.repositories());
  return listed.find(({ id }) => id === world.repository.id)!;
}

async function withoutConfig(): Promise<void> {
  const { sha } = await world.ada("GET", `/contents/${configPath}`);
  await world.ada("DELETE", `/contents/${configPath}`, {
    message: "Without",
    branch: record.defaultBranch,
    sha,
  });
}

/** A branch that is like the default one. */
async function branchOff(name: string): Promise<void> {
  const { sha } = await world.ada("GET", `/commits/${record.defaultBranch}`);
  await world.ada("POST", "/git/refs", { ref: `refs/heads/${name}`, sha });
}

/** As GitHub does it: open pull requests follow to the new name. */
async function renameDefault(name: string): Promise<void> {
  const old = record.defaultBranch;
  await branchOff(name);
  for (const { number, base } of await pulls()) {
    if (base === old) await world.ada("PATCH", `/pulls/${number}`, { base: name });
  }
  await world.ada("PATCH", "", { default_branch: name });
  await world.ada("DELETE", `/git/refs/heads/${old}`);
}

/** As GitHub does it: the numbers of repository, issues and pull requests stay, and the installation is another one. */
function transfer(): void {
  const { store } = world.github.hub;
  const { account } = world.github.addOrganisation("emca", ["ada"]);
  record.formerNames.push("acme/gitops");
  record.owner = account;
  for (const { repositories } of store.installations) repositories.delete(record);
  world.github.install([record]);
}

const bump = { number: 1, title: "Update acme/web to 1.1.0 in production", base: "main" };
const next = { ...bump, title: "Update acme/web to 1.2.0 in production" };

describe("with a bump and a dashboard open, a repository", () => {
  beforeEach(() => scanned());

  test.each([
    ["the name that an event told", async () => world.repository],
    ["its name now", told],
  ])("that is renamed is followed by %s", async (_, named) => {
    await world.ada("PATCH", "", { name: "renamed" });
    await pushImage(world.registry, "acme/web:1.2.0");
    const repository = await named();
    await scanned(repository);
    await again(repository);
    expect(await pulls("all")).toEqual([next]);
    expect(await dashboards()).toMatchObject([{ body: expect.stringContaining("to 1.2.0") as string }]);
  });

  test("whose name another one has taken is never written to in its place", async () => {
    await world.ada("PATCH", "", { name: "renamed" });
    const other = await world.github.addRepository("acme", "gitops", {
      files: new Map([[web, pod("acme/web:1.0.0").replaceAll("REGISTRY", world.registry.host)]]),
    });
    world.github.install([record, other]);
    await pushImage(world.registry, "acme/web:1.2.0");
    expect(await scan({ ...process }, world.repository)).toMatchObject({
      ok: false,
      failure: { code: "not-found" },
    });
    expect([other.pulls.size, other.issues.size]).toEqual([0, 0]);
    await again(await told());
    expect([...record.pulls.values()].map(({ issue }) => issue.title)).toEqual([next.title]);
  });

  test("that is transferred goes on under its new owner, with what is open there", async () => {
    transfer();
    await pushImage(world.registry, "acme/web:1.2.0");
    expect((await scan({ ...process }, world.repository)).ok).toBe(false);
    expect(await pulls("all")).toEqual([bump]);
    const moved = await told();
    expect(moved).toMatchObject({ owner: "emca", name: "gitops" });
    await scanned(moved);
    await again(moved);
    expect(await pulls("all")).toEqual([next]);
    expect(await dashboards()).toHaveLength(1);
  });

  test("that is archived is left as it is, and goes on where it stood once it is not", async () => {
    await world.ada("PATCH", "", { archived: true });
    await pushImage(world.registry, "acme/web:1.2.0");
    const before = world.github.hub.requests.length;
    await scanned();
    await again();
    value(await dashboard(process, { flow: "dashboard", repository: world.repository }));
    const writes = world.github.hub.requests.slice(before).filter(({ method }) => method !== "GET");
    expect(writes.filter(({ route }) => route.startsWith("/repos/"))).toEqual([]);
    await world.ada("PATCH", "", { archived: false });
    await scanned();
    expect(await pulls("all")).toEqual([next]);
  });

  test("that is archived takes no commands, and none fails over and over; once it is not, they are answered", async () => {
    await world.ada("POST", "/issues/1/comments", { body: "/lockkeeper rebase" });
    const opened = { world: process, deploy: null, reload: null, close: () => Promise.resolve() };
    const key = { flow: "command", repository: world.repository, number: 1 } as const;
    await world.ada("PATCH", "", { archived: true });
    value(await runKey(opened, key));
    await world.ada("PATCH", "", { archived: false });
    value(await runKey(opened, key));
    expect((await world.ada("GET", "/issues/1/comments"))[0].reactions.total_count).toBeGreaterThan(0);
  });

  test("whose default branch is renamed keeps them", async () => {
    await renameDefault("trunk");
    await pushImage(world.registry, "acme/web:1.2.0");
    await scanned();
    await again();
    expect(await pulls("all")).toEqual([{ ...next, base: "trunk" }]);
    expect(await dashboards()).toHaveLength(1);
  });

  test("that has another branch as its default one has its bumps pointed there, without what only the old one has", async () => {
    await branchOff("develop");
    await world.write(web, pod("acme/web:1.0.0").replace("name: c0", "name: renamed"));
    await scanned();
    const head = await world.write("README.md", "another", "develop");
    await world.ada("PATCH", "", { default_branch: "develop" });
    await scanned();
    await again();
    expect(await pulls("all")).toEqual([{ ...bump, base: "develop" }]);
    const [{ head: tip }] = await world.ada("GET", "/pulls");
    expect((await world.ada("GET", `/git/commits/${tip.sha}`)).parents).toMatchObject([{ sha: head }]);
  });

  test("has a bump closed with the reason where the other branch has it already", async () => {
    await branchOff("develop");
    await world.write(web, pod("acme/web:1.1.0"), "develop");
    await world.ada("PATCH", "", { default_branch: "develop" });
    await scanned();
    expect(await pulls()).toEqual([]);
    const [{ body }] = await world.ada("GET", "/pulls?state=all");
    expect(body).toMatch(/^> Closed by Lockkeeper: /);
  });

  test("whose default branch is rewritten has its bump built anew, without what was dropped", async () => {
    const [before] = await world.ada("GET", "/pulls");
    const { sha, tree } = await world.ada("GET", "/git/commits/" + before.base.sha);
    const commit = await world.ada("POST", "/git/commits", { message: "Anew", tree: tree.sha, parents: [] });
    expect(commit.sha).not.toBe(sha);
    await world.ada("PATCH", "/git/refs/heads/main", { sha: commit.sha, force: true });
    await scanned();
    await again();
    const open = await world.ada("GET", "/pulls");
    expect(open).toHaveLength(1);
    expect((await world.ada("GET", `/git/commits/${open[0].head.sha}`)).parents).toMatchObject([
      { sha: commit.sha },
    ]);
  });
});

describe("with a configuration offered, a repository", () => {
  const offer = { number: 1, title: "Configure Lockkeeper", base: "main" };

  beforeEach(async () => {
    await withoutConfig();
    await scanned();
  });

  test("that is renamed or transferred has no second one", async () => {
    await world.ada("PATCH", "", { name: "renamed" });
    await again();
    await world.ada("PATCH", "", { name: "gitops" });
    transfer();
    expect((await scan({ ...process }, world.repository)).ok).toBe(false);
    await again(await told());
    expect(await pulls("all")).toEqual([offer]);
  });

  test("that is transferred after a person has closed it is not asked again", async () => {
    await world.ada("PATCH", "/pulls/1", { state: "closed" });
    transfer();
    await again(await told());
    expect(await pulls("all")).toEqual([offer]);
  });

  test("that is archived keeps it as it is", async () => {
    await world.ada("PATCH", "", { archived: true });
    await again();
    await world.ada("PATCH", "", { archived: false });
    expect(await pulls("all")).toEqual([offer]);
  });

  test.each([
    ["is renamed", () => renameDefault("trunk")],
    [
      "is another one now",
      async () => {
        await branchOff("trunk");
        await world.write("README.md", "another", "trunk");
        await world.ada("PATCH", "", { default_branch: "trunk" });
      },
    ],
  ])("whose default branch %s keeps it, onto that branch", async (_, move) => {
    await move();
    await scanned();
    await again();
    expect(await pulls("all")).toEqual([{ ...offer, base: "trunk" }]);
    expect(await world.ada("GET", "/pulls/1/files")).toMatchObject([{ filename: configPath }]);
  });

  test("whose default branch is rewritten has it built anew", async () => {
    const { tree } = await world.ada("GET", "/git/commits/" + (await world.ada("GET", "/commits/main")).sha);
    const commit = await world.ada("POST", "/git/commits", { message: "Anew", tree: tree.sha, parents: [] });
    await world.ada("PATCH", "/git/refs/heads/main", { sha: commit.sha, force: true });
    await again();
    const open = await world.ada("GET", "/pulls");
    expect(open).toMatchObject([{ title: offer.title }]);
    expect((await world.ada("GET", `/git/commits/${open[0].head.sha}`)).parents).toMatchObject([
      { sha: commit.sha },
    ]);
  });
});
