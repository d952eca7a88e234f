import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { command } from "../../../src/flows/command/command.ts";
import { comments } from "../../../src/flows/command/comments.ts";
import { makeMarker } from "../../../src/text/marker.ts";
import { changeImage, openBump, openPull, pushFile } from "../signoff-steps.ts";
import { type Login, type SignoffWorld, deployment, startSignoff } from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

/** An issue as the deploy flow opens it for an app that drifted. */
async function driftIssue(path: string): Promise<number> {
  const { issues } = signoff.forge.open(signoff.repository, "deploy");
  const body = `It drifted.\n\n${makeMarker("drift", { path })}`;
  return value(await issues.create({ title: "web drifted", body, labels: [] })).number;
}

async function say(login: Login, number: number, body: string): Promise<number> {
  const made = await signoff.as(login, "POST", `/issues/${number}/comments`, { body });
  signoff.pass();
  return made.id;
}

async function run(number: number): Promise<void> {
  value(await command(signoff.world, { flow: "command", repository: signoff.repository, number }));
}

async function reactions(comment: number): Promise<readonly string[]> {
  const made = await signoff.as("ada", "GET", `/issues/comments/${comment}/reactions`);
  return made.map((reaction: { content: string }) => reaction.content).sort();
}

/** What our App has said in the thread, without the hidden markers. */
async function replies(number: number): Promise<readonly string[]> {
  const thread = await signoff.as("ada", "GET", `/issues/${number}/comments`);
  return thread
    .filter((comment: { user: { type: string } }) => comment.user.type === "Bot")
    .map((comment: { body: string }) => comment.body.replaceAll(/\s*<!--.*?-->\s*/gs, ""));
}

describe("a command", () => {
  test("to heal is accepted and handed to the deploy flow, which reacts when it is done", async () => {
    const number = await driftIssue("apps/web/production");
    const comment = await say("grace", number, "/lockkeeper heal");
    await run(number);
    expect(await reactions(comment)).toEqual(["rocket"]);
    expect(signoff.queued).toEqual([
      { flow: "deploy", repository: signoff.repository, path: "apps/web/production" },
    ]);
    expect(await replies(number)).toEqual([]);
  });

  test("of somebody who may only read is refused in one sentence, once", async () => {
    const number = await driftIssue("apps/web/production");
    const comment = await say("rose", number, "/lockkeeper heal");
    await run(number);
    await run(number);
    expect(await reactions(comment)).toEqual(["-1"]);
    expect(await replies(number)).toEqual([
      "`/lockkeeper heal [object]` needs write permission on this repository; `rose` has read.",
    ]);
    expect(signoff.queued).toEqual([]);
  });

  test("is judged by what its author may do when it runs", async () => {
    const number = await driftIssue("apps/web/production");
    const comment = await say("linus", number, "/lockkeeper heal");
    const made = signoff.github.hub.store.repositories[0]!;
    for (const user of made.collaborators.keys())
      if (user.login === "linus") made.collaborators.set(user, "read");
    await run(number);
    expect(await reactions(comment)).toEqual(["-1"]);
  });

  test("that was answered but not marked is not answered again", async () => {
    const { number } = await changeImage(signoff, "mallory");
    const comment = await say("rose", number, "/lockkeeper scan");
    await run(number);
    const given = await signoff.as("ada", "GET", `/issues/comments/${comment}/reactions`);
    const repository = signoff.github.hub.store.repositories[0]!;
    expect(given).toHaveLength(1);
    repository.comments.get(comment)!.reactions.length = 0;
    await run(number);
    expect(await reactions(comment)).toEqual(["-1"]);
    expect(await replies(number)).toHaveLength(1);
  });

  test("that is misspelt is answered with what was meant", async () => {
    const { number } = await changeImage(signoff, "mallory");
    const comment = await say("mallory", number, "/lockkeeper statsu");
    await run(number);
    expect(await reactions(comment)).toEqual(["confused"]);
    expect(await replies(number)).toEqual([
      "There is no command `statsu`; did you mean `/lockkeeper status`?",
    ]);
  });

  test("that was edited is none, nor is one in a quote or one of a bot", async () => {
    const { number } = await openBump(signoff, deployment("1.1.0"));
    const edited = await say("grace", number, "hello");
    await signoff.as("ada", "PATCH", `/issues/comments/${edited}`, { body: "/lockkeeper scan" });
    const quoted = await say("grace", number, "> /lockkeeper scan");
    const { issues } = signoff.forge.open(signoff.repository, "scan");
    const own = value(await issues.comment(number, "/lockkeeper scan"));
    await run(number);
    expect(await Promise.all([edited, quoted, own.id].map(reactions))).toEqual([[], [], []]);
    expect(signoff.queued).toEqual([]);
  });

  test("for a status is answered with the verdict", async () => {
    const { number } = await changeImage(signoff, "mallory");
    const comment = await say("rose", number, "/lockkeeper status");
    await run(number);
    expect(await reactions(comment)).toEqual(["+1"]);
    const [reply] = await replies(number);
    expect(reply).toMatch(/^Waiting for 1 of `acme\/sre`\.\n/);
    expect(reply).toContain("\n  waiting  rule production: 1 of acme/sre\n");
    expect(reply).toContain("\n  next: approve the change as it is now: 1 of acme/sre\n");
  });

  test("to scan is put on the queue; help names every command", async () => {
    const { number } = await changeImage(signoff, "mallory");
    const scan = await say("grace", number, "/lockkeeper scan");
    const help = await say("rose", number, "/lockkeeper help");
    await run(number);
    expect(await reactions(scan)).toEqual(["+1"]);
    expect(await reactions(help)).toEqual(["+1"]);
    expect(signoff.queued).toEqual([{ flow: "scan", repository: signoff.repository }]);
    expect((await replies(number))[0]).toContain("| `/lockkeeper heal [object]` |");
  });

  test("to rebase what cannot be built anew is answered with the reason", async () => {
    const { number } = await openBump(signoff, deployment("1.1.0"));
    await signoff.as("ada", "PATCH", `/pulls/${number}`, { state: "closed" });
    const comment = await say("grace", number, "/lockkeeper rebase");
    await run(number);
    expect(await reactions(comment)).toEqual(["-1", "rocket"]);
    expect(await replies(number)).toEqual(["It cannot be built anew: the pull request is not open."]);
  });

  test("to rebase a pull request from a branch named like ours is refused", async () => {
    const branch = "lockkeeper/bump/web-5678";
    await pushFile(signoff, "mallory", branch, { path: "README.md", text: "mine\n" });
    const number = await openPull(signoff, "mallory", branch);
    const comment = await say("mallory", number, "/lockkeeper rebase");
    await run(number);
    expect(await reactions(comment)).toEqual(["-1"]);
  });

  test("to heal on an issue that a person made up is refused", async () => {
    const body = makeMarker("drift", { path: "apps/web/production" });
    const { number } = await signoff.as("mallory", "POST", "/issues", { title: "drift", body });
    const comment = await say("mallory", number, "/lockkeeper heal");
    await run(number);
    expect(await reactions(comment)).toEqual(["-1"]);
    expect(signoff.queued).toEqual([]);
  });
});

test("threads with a recent command are put on the queue, once each", async () => {
  const { number } = await changeImage(signoff, "mallory");
  const other = await driftIssue("apps/web/production");
  await say("grace", number, "looks fine");
  await say("grace", other, "/lockkeeper heal");
  await say("linus", other, "/lockkeeper heal");
  value(await comments(signoff.world, { flow: "comments", repository: signoff.repository }));
  expect(signoff.queued).toEqual([{ flow: "command", repository: signoff.repository, number: other }]);
});
