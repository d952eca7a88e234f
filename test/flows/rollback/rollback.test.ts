import { afterEach, beforeEach, expect, test } from "vitest";
import { command } from "../../../src/flows/command/command.ts";
import { checked, moveMain, openPull, pushFile } from "../signoff-steps.ts";
import { type Login, type SignoffWorld, deployment, startSignoff, webFile } from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;
beforeEach(async () => {
  signoff = await startSignoff({ "docs/a.md": "one\n" });
});
afterEach(() => signoff.github.stop());

async function say(login: Login, number: number, body: string): Promise<string> {
  await signoff.as(login, "POST", `/issues/${number}/comments`, { body });
  value(await command(signoff.world, { flow: "command", repository: signoff.repository, number }));
  return (await signoff.as(login, "GET", `/issues/${number}/comments`)).at(-1).body;
}

/** Linus's pull request of two commits, merged. */
async function merged(method: string): Promise<number> {
  await pushFile(signoff, "linus", "two", { path: "docs/a.md", text: "two\n" });
  await pushFile(signoff, "linus", "two", { path: webFile, text: deployment("2.0.0") });
  const number = await openPull(signoff, "linus", "two");
  await signoff.github.settle();
  await signoff.as("ada", "GET", `/pulls/${number}`);
  await signoff.github.settle();
  await signoff.as("ada", "PUT", `/pulls/${number}/merge`, { merge_method: method });
  return number;
}

async function rollbacks() {
  const open = await signoff.as("ada", "GET", "/pulls?state=open");
  return open.filter((pull: { head: { ref: string } }) => pull.head.ref.startsWith("lockkeeper/rollback/"));
}

async function textOf(sha: string, path: string): Promise<string> {
  const snapshot = value(await signoff.forge.open(signoff.repository, "check").code.snapshot(sha));
  return Buffer.from(snapshot.files.get(path) ?? "").toString();
}

test.each(["merge", "squash", "rebase"])(
  "takes back what came by %s, and nothing that came since",
  async (method) => {
    const number = await merged(method);
    await moveMain(signoff, "docs/b.md", "later\n");
    await say("grace", number, "/lockkeeper rollback it breaks the login");
    await say("ada", number, "/lockkeeper rollback");
    const [pull, ...more] = await rollbacks();
    expect(more).toEqual([]);
    const { sha } = pull.head;
    expect(await textOf(sha, webFile)).toBe(deployment("1.0.0"));
    expect(await textOf(sha, "docs/a.md")).toBe("one\n");
    expect(await textOf(sha, "docs/b.md")).toBe("later\n");
    expect(pull.body).toContain("`grace` asked for it: it breaks the login");
    expect(pull.body).toContain(
      "It touches `web-production` (`production`), and needs one approval of `acme/sre`",
    );
    expect((await checked(signoff, sha))?.title).toMatch(/^Waiting for 1 of acme\/sre/);
  },
);

test("is refused with the reason: not merged, or changed since in the same lines", async () => {
  const number = await merged("squash");
  await moveMain(signoff, webFile, deployment("3.0.0"));
  expect(await say("grace", number, "/lockkeeper rollback")).toMatch(
    /^It cannot be taken back: `apps\/web\/production\/web.yaml` has changed since in the same lines\./,
  );
  await pushFile(signoff, "linus", "other", { path: "docs/a.md", text: "x\n" });
  const open = await openPull(signoff, "linus", "other");
  expect(await say("grace", open, "/lockkeeper rollback")).toContain("it was not merged");
  expect(await rollbacks()).toEqual([]);
});
