import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RepositoryForge } from "../../src/ports/forge.ts";
import { type Setting, code, openSetting, value } from "./sandbox-forge.ts";

let setting: Setting;
let deploy: RepositoryForge;
beforeAll(async () => {
  setting = await openSetting();
  deploy = setting.forge.open(setting.repository, "deploy");
});
afterAll(() => setting.github.stop());

describe("issues", () => {
  test("only those that we opened are ours, whoever carries the label", async () => {
    const { number } = await value(
      deploy.issues.create({ title: "Drift", body: "see", labels: ["lockkeeper/drift"] }),
    );
    await setting.as("ada", "POST", "/issues", {
      title: "Forged",
      body: "see",
      labels: ["lockkeeper/drift"],
    });
    expect((await value(deploy.issues.ours("lockkeeper/drift"))).map((issue) => issue.number)).toEqual([
      number,
    ]);
    await value(deploy.issues.update(number, { state: "closed" }));
    expect(await value(deploy.issues.ours("lockkeeper/drift"))).toMatchObject([{ number, state: "closed" }]);
  });

  test("tell who has edited their text since we wrote it", async () => {
    const { number } = await value(deploy.issues.create({ title: "Text", body: "ours", labels: [] }));
    const editors = async () =>
      (await value(deploy.issues.editorsSinceOurs(number))).map(({ login }) => login);
    expect(await editors()).toEqual([]);
    await value(deploy.issues.update(number, { body: "ours again" }));
    expect(await editors()).toEqual([]);
    setting.pass();
    for (const body of ["one", "two"]) await setting.as("ada", "PATCH", `/issues/${number}`, { body });
    await setting.as("grace", "PATCH", `/issues/${number}`, { body: "three" });
    expect(await editors()).toEqual(["grace", "ada"]);
    setting.pass();
    await value(deploy.issues.update(number, { body: "ours once more" }));
    expect(await editors()).toEqual([]);
  });

  test("are read and labelled", async () => {
    const { number } = await value(deploy.issues.create({ title: "One", body: "", labels: [] }));
    await value(deploy.issues.addLabels(number, ["lockkeeper"]));
    expect(await value(deploy.issues.get(number))).toMatchObject({ labels: ["lockkeeper"], pull: false });
    expect(await code(deploy.issues.get(9999))).toBe("not-found");
  });
});

describe("comments", () => {
  test("are ours by who wrote them, not by what they say", async () => {
    const { number } = await value(deploy.issues.create({ title: "Talk", body: "", labels: [] }));
    const began = new Date(Date.now() - 1000).toISOString();
    const own = await value(deploy.issues.comment(number, "<!-- lockkeeper:x {} -->"));
    await setting.as("grace", "POST", `/issues/${number}/comments`, { body: "<!-- lockkeeper:x {} -->" });
    const thread = await value(deploy.issues.comments(number));
    expect(thread.map((comment) => [comment.author.login, comment.ours, comment.issue])).toEqual([
      ["lockkeeper[bot]", true, number],
      ["grace", false, number],
    ]);
    await value(deploy.issues.updateComment(own.id, "changed"));
    const recent = await value(deploy.issues.recentComments(began));
    expect(recent.filter((comment) => comment.issue === number).map((comment) => comment.body)).toContain(
      "changed",
    );
  });

  test("are reacted to once, and only our reactions count", async () => {
    const { number } = await value(deploy.issues.create({ title: "React", body: "", labels: [] }));
    const { id } = await setting.as("grace", "POST", `/issues/${number}/comments`, {
      body: "/lockkeeper help",
    });
    await setting.as("grace", "POST", `/issues/comments/${id}/reactions`, { content: "rocket" });
    await value(deploy.issues.react(id, "+1"));
    await value(deploy.issues.react(id, "+1"));
    expect(await value(deploy.issues.reactions(id))).toEqual(["+1"]);
  });

  test("that are too long are refused, not cut", async () => {
    const { number } = await value(deploy.issues.create({ title: "Long", body: "", labels: [] }));
    expect(await code(deploy.issues.comment(number, "x".repeat(65_537)))).toBe("rejected");
  });
});

describe("deployments", () => {
  test("are recorded by task and commit, with their statuses newest first", async () => {
    const { sha } = await value(deploy.code.head());
    const draft = {
      sha,
      task: "lockkeeper:web-production",
      environment: "production",
      description: "d".repeat(200),
      payload: { app: "web-production", signed: [{ by: 3 }] },
    };
    const made = await value(deploy.deployments.create(draft));
    await value(deploy.deployments.addStatus(made.id, { state: "in_progress", description: "applying" }));
    await value(deploy.deployments.addStatus(made.id, { state: "success", description: "x".repeat(200) }));
    const [found] = await value(deploy.deployments.list({ task: draft.task, sha }));
    expect(found).toMatchObject({ id: made.id, sha, task: draft.task, payload: draft.payload });
    expect(await value(deploy.deployments.list({ task: "lockkeeper:other" }))).toEqual([]);
    const statuses = await value(deploy.deployments.statuses(made.id));
    expect(statuses.map((status) => status.state)).toEqual(["success", "in_progress"]);
    expect(statuses[0]?.description).toHaveLength(140);
  });

  test("of somebody else are not seen", async () => {
    const { sha } = await value(deploy.code.head());
    const task = "lockkeeper:forged";
    const { status } = await setting.as("ada", "POST", "/deployments", {
      ref: sha,
      task,
      required_contexts: [],
    });
    expect(status).toBe(201);
    expect(await value(deploy.deployments.list({ task }))).toEqual([]);
  });
});
