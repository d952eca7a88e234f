import { afterEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { command } from "../../../src/flows/command/command.ts";
import { readAudit } from "../../../src/signoff/audit.ts";
import { changeImage, checked, openPull, pushFile, review } from "../signoff-steps.ts";
import {
  type Login,
  type SignoffWorld,
  config,
  deployment,
  startSignoff,
  webFile,
} from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;
afterEach(() => signoff.github.stop());

const named = `${config}  override: [user:linus, user:ada]\n`;

/** Answers our last reply there. */
async function say(login: Login, number: number, body: string): Promise<{ id: number; body: string }> {
  await signoff.as(login, "POST", `/issues/${number}/comments`, { body });
  value(await command(signoff.world, { flow: "command", repository: signoff.repository, number }));
  signoff.pass();
  return (await signoff.as(login, "GET", `/issues/${number}/comments`)).at(-1);
}

const issues = () => signoff.as("ada", "GET", "/issues?state=all&labels=lockkeeper");

test("whom the configuration names lets one head through, loudly, and it ends with the next commit", async () => {
  signoff = await startSignoff({ [configPath]: named });
  const { number, sha } = await changeImage(signoff, "linus");
  expect((await checked(signoff, sha))?.conclusion).toBe("action_required");
  expect((await say("mallory", number, "/lockkeeper override I want to")).body).toContain(
    "mallory is none of those",
  );
  expect((await say("linus", number, "/lockkeeper override")).body).toContain("Say why");
  expect(await issues()).toEqual([]);
  await say("linus", number, "/lockkeeper override production is down");
  const run = await checked(signoff, sha);
  expect(run).toMatchObject({ conclusion: "success", title: "Overridden by linus: production is down" });
  expect(readAudit(run?.text ?? "")[0]?.override).toMatchObject({
    login: "linus",
    why: "production is down",
  });
  expect(await issues()).toMatchObject([
    { state: "open", title: `Sign-off of pull request ${number} was overridden by linus` },
  ]);
  const next = await pushFile(signoff, "linus", "by-linus", { path: webFile, text: deployment("3.0.0") });
  signoff.pass();
  expect((await checked(signoff, next))?.conclusion).toBe("action_required");
});

test("an override counts for the head that was there when it was given: a push that comes before it is read ends it", async () => {
  signoff = await startSignoff({ [configPath]: named });
  const { number } = await changeImage(signoff, "mallory");
  signoff.pass();
  await signoff.as("linus", "POST", `/issues/${number}/comments`, { body: "/lockkeeper override seen" });
  signoff.pass();
  const sha = await pushFile(signoff, "mallory", "by-mallory", { path: webFile, text: deployment("6.6.6") });
  value(await command(signoff.world, { flow: "command", repository: signoff.repository, number }));
  const last = (await signoff.as("linus", "GET", `/issues/${number}/comments`)).at(-1);
  expect(last.body).toContain("Its branch was moved as you said so, or since");
  expect(await issues()).toEqual([]);
  expect((await checked(signoff, sha))?.conclusion).toBe("action_required");
});

test("an override that was edited, copied, or given by somebody who is not named any more counts for nothing", async () => {
  signoff = await startSignoff({ [configPath]: named });
  const { number, sha } = await changeImage(signoff, "linus");
  const record = await say("linus", number, "/lockkeeper override production is down");
  await signoff.as("ada", "PATCH", `/issues/comments/${record.id}`, { body: `${record.body}\n` });
  await signoff.as("mallory", "POST", `/issues/${number}/comments`, { body: record.body });
  expect((await checked(signoff, sha))?.conclusion).toBe("action_required");
});

test("nobody is named: nobody can, and the configuration is its owners' alone", async () => {
  signoff = await startSignoff();
  const { number } = await changeImage(signoff, "linus");
  expect((await say("ada", number, "/lockkeeper override why not")).body).toContain("names nobody");
  await signoff.github.stop();
  signoff = await startSignoff({ [configPath]: named });
  const sha = await pushFile(signoff, "linus", "config", { path: configPath, text: `${named}# more\n` });
  const change = await openPull(signoff, "linus", "config");
  signoff.pass();
  expect((await say("linus", change, "/lockkeeper override quickly")).body).toMatch(
    /cannot be overridden: it changes the configuration, which linus does not own/,
  );
  await say("ada", change, "/lockkeeper override quickly");
  expect((await checked(signoff, sha))?.title).toBe("Overridden by ada: quickly");
});

test("what the cluster demands is not passed over", async () => {
  signoff = await startSignoff({ [configPath]: named });
  const floor = { approvals: 1, anyOf: [{ type: "permission" as const, atLeast: "write" as const }] };
  const target = { repository: "acme/gitops", paths: ["**"], namespaces: ["*"], allowedKinds: [] };
  const rest = { serviceAccount: "self", baseline: "head" as const, floor };
  const world = { ...signoff.world, targets: [{ ...target, ...rest }] };
  signoff = { ...signoff, world };
  const { number, sha } = await changeImage(signoff, "linus");
  await say("linus", number, "/lockkeeper override production is down");
  expect((await checked(signoff, sha))?.conclusion).toBe("action_required");
  await review(signoff, "mallory", number);
  expect((await checked(signoff, sha))?.title).toBe("Overridden by linus: production is down");
});
