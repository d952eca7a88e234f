import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorld, type Reply, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const all = (query = ""): string => `${world.home}/deployments${query}`;
const deploy = (more: Record<string, unknown> = {}): Promise<Reply> =>
  world.app("POST", all(), { ref: world.head, auto_merge: false, required_contexts: [], ...more });
const stateOf = async (id: number): Promise<string> =>
  (await world.app("GET", `${all()}/${id}/statuses`)).body[0].state;
const succeed = async (task: string, auto_inactive?: boolean): Promise<number> => {
  const { body } = await deploy({ task, environment: "shared" });
  await world.app("POST", `${all()}/${body.id}/statuses`, { state: "success", auto_inactive });
  return body.id as number;
};
const told = async (): Promise<string[]> => {
  await world.github.settle();
  return world.receiver.take();
};

describe("deployments", () => {
  test("carry task, payload and environment, and are found by them", async () => {
    await told();
    const made = await deploy({ task: "lockkeeper:1", environment: "staging", payload: { sha: world.head } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      sha: world.head,
      payload: { sha: world.head },
      production_environment: false,
    });
    const found = await world.app("GET", all(`?task=lockkeeper:1&environment=staging&sha=${world.head}`));
    expect(found.body.map(({ id }: { id: number }) => id)).toEqual([made.body.id]);
    expect((await world.app("GET", all("?task=other"))).body).toEqual([]);
    expect((await world.app("GET", `${all()}/${made.body.id}`)).body.performed_via_github_app.id).toBe(
      world.github.appId,
    );
    expect(await told()).toEqual(["deployment.created"]);
  });

  test("wait by default for every context that the commit has", async () => {
    await world.grace("POST", `${world.home}/statuses/${world.head}`, { state: "pending", context: "ci" });
    const refused = await world.app("POST", all(), { ref: "main" });
    expect([refused.status, refused.body.message]).toEqual([
      409,
      "Conflict: Commit status checks failed for main.",
    ]);
    expect((await deploy({ required_contexts: ["nothing/known"] })).status).toBe(409);
    expect((await deploy({ required_contexts: [] })).status).toBe(201);
    await world.grace("POST", `${world.home}/statuses/${world.head}`, { state: "success", context: "ci" });
    expect((await world.app("POST", all(), { ref: "main" })).status).toBe(201);
  });

  test("are refused for a ref that does not exist and without the permission", async () => {
    expect((await deploy({ ref: "nowhere" })).status).toBe(422);
    const limited = await world.tokenFor({ deployments: "read" });
    expect((await limited("GET", all())).status).toBe(200);
    expect((await limited("POST", all(), { ref: "main" })).status).toBe(403);
  });

  test("by default merge the default branch into a branch that is behind it, and do not deploy", async () => {
    const git = world.github.hub.git(world.repository);
    const person = ["-c", "user.name=ada", "-c", "user.email=ada@localhost"];
    const commit = async (parent: string, text: string): Promise<string> => {
      const blob = await git.run(["hash-object", "-w", "--stdin"], text);
      const tree = await git.run(["mktree"], `100644 blob ${blob.toString().trim()}\t${text}.txt\n`);
      return (await git.run([...person, "commit-tree", tree.toString().trim(), "-p", parent, "-m", text]))
        .toString()
        .trim();
    };
    const root = world.head;
    const zero = "0".repeat(40);
    await git.move([{ ref: "refs/heads/topic", before: zero, after: await commit(root, "topic") }]);
    await git.move([{ ref: "refs/heads/main", before: root, after: await commit(root, "main") }]);
    const merged = await world.app("POST", all(), { ref: "topic" });
    expect([merged.status, merged.body.message]).toEqual([202, "Auto-merged main into topic on deployment."]);
    expect((await world.app("POST", all(), { ref: "topic" })).status).toBe(201);
  });
});

describe("deployment statuses", () => {
  test("are listed newest first and told, inactive ones not", async () => {
    const { body } = await deploy({ environment: "qa" });
    const statuses = `${all()}/${body.id}/statuses`;
    await told();
    await world.app("POST", statuses, { state: "in_progress", description: "applying" });
    const done = await world.app("POST", statuses, { state: "success", log_url: "http://localhost/log" });
    await world.app("POST", statuses, { state: "inactive" });
    expect(done.body).toMatchObject({ state: "success", log_url: "http://localhost/log", environment: "qa" });
    const listed = await world.app("GET", statuses);
    expect(listed.body.map(({ state }: { state: string }) => state)).toEqual([
      "inactive",
      "success",
      "in_progress",
    ]);
    expect(await told()).toEqual(["deployment_status.created", "deployment_status.created"]);
  });

  test("have a description of at most 140 characters", async () => {
    const { body } = await deploy();
    const statuses = `${all()}/${body.id}/statuses`;
    const state = "failure";
    expect((await world.app("POST", statuses, { state, description: "x".repeat(140) })).status).toBe(201);
    expect((await world.app("POST", statuses, { state, description: "x".repeat(141) })).status).toBe(422);
    expect((await world.app("POST", statuses, { state: "done" })).status).toBe(422);
  });

  test("of success make earlier ones of the environment inactive, unless told not to", async () => {
    const web = await succeed("web");
    const api = await succeed("api", false);
    expect(await stateOf(web)).toBe("success");
    await succeed("api");
    expect([await stateOf(web), await stateOf(api)]).toEqual(["inactive", "inactive"]);
  });
});
