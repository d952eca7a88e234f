import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath } from "../../src/config/config.ts";
import { bumpBranch, checked, moveMain, pushFile, review } from "../flows/signoff-steps.ts";
import { type SignoffWorld, config, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";
import { call } from "../flows/user-call.ts";
import { commitOn, move, tipOf } from "./branches.ts";

let signoff: SignoffWorld;
/** The same, seen from mallory's fork. */
let fork: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
  await signoff.as("mallory", "POST", "/forks");
  const { apiUrl } = signoff.github;
  const tokens = new Map(["mallory", "grace"].map((login) => [login, signoff.github.addUser(login)]));
  const root = `${apiUrl}/repos/mallory/gitops`;
  fork = {
    ...signoff,
    as: (login, method, path, body) => call(root + path, tokens.get(login) ?? "", method, body),
  };
});

afterEach(() => signoff.github.stop());

async function openFromFork(branch = "change"): Promise<{ number: number; sha: string }> {
  const sha = await pushFile(fork, "mallory", branch, { path: webFile, text: deployment("1.1.0") });
  const draft = { title: "Change", head: `mallory:${branch}`, base: "main" };
  const { number } = await signoff.as("mallory", "POST", "/pulls", draft);
  signoff.pass();
  return { number, sha };
}

const title = async (sha: string) => (await checked(signoff, sha))?.title;
const waiting = (why: string) => `Waiting for 1 of acme/sre. grace does not: ${why}.`;

describe("a pull request from a fork", () => {
  test("is signed off by an approval of its head", async () => {
    const { number, sha } = await openFromFork();
    expect(await title(sha)).toBe("Waiting for 1 of acme/sre.");
    await review(signoff, "grace", number);
    expect(await title(sha)).toBe("Signed off by grace.");
  });

  test("loses it by a push, and gets it back by another approval", async () => {
    const { number, sha } = await openFromFork();
    await review(signoff, "grace", number);
    const pushed = await pushFile(fork, "mallory", "change", { path: webFile, text: deployment("6.6.6") });
    signoff.pass();
    expect(await title(pushed)).toBe(waiting(`approved ${sha.slice(0, 7)} of a fork, not its head`));
    await review(signoff, "grace", number);
    expect(await title(pushed)).toBe("Signed off by grace.");
  });

  test("loses it by a force-push, along with which GitHub moves the approval", async () => {
    const { number } = await openFromFork();
    await review(signoff, "grace", number);
    const parents = [await tipOf(fork, "main")];
    const forced = await commitOn(fork, "mallory", { parents, files: { [webFile]: deployment("6.6.6") } });
    await move(fork, "mallory", "change", forced);
    const [moved] = await signoff.as("grace", "GET", `/pulls/${number}/reviews`);
    expect(moved.commit_id).toBe(forced);
    const why = "approved it before a force-push in the fork, along with which GitHub moves approvals";
    expect(await title(forced)).toBe(waiting(why));
    await review(signoff, "grace", number);
    expect(await title(forced)).toBe("Signed off by grace.");
  });

  test("loses it by a merge of the base that brings something along", async () => {
    const { number, sha } = await openFromFork();
    await review(signoff, "grace", number);
    await moveMain(signoff, "README.md", "moved\n");
    await signoff.as("mallory", "GET", "");
    const main = await tipOf(signoff, "main");
    await fork.as("mallory", "PATCH", "/git/refs/heads/main", { sha: main }).catch(() => undefined);
    const draft = { parents: [sha, await tipOf(fork, "main")], files: { [webFile]: deployment("6.6.6") } };
    const merged = await commitOn(fork, "mallory", draft);
    await move(fork, "mallory", "change", merged);
    expect(await title(merged)).toMatch(/^Waiting for 1 of acme\/sre\. grace does not: approved /);
  });

  test("is not signed off by its author, nor by somebody who wrote in it", async () => {
    const { number, sha } = await openFromFork();
    const email = `${accountId("grace")}+grace@users.noreply.github.com`;
    const author = { name: "Grace", email };
    const files = { [webFile]: deployment("1.2.0") };
    const pushed = await commitOn(fork, "mallory", { parents: [sha], files, author });
    await move(fork, "mallory", "change", pushed);
    await review(signoff, "grace", number);
    expect(await title(pushed)).toBe(waiting(`wrote ${pushed.slice(0, 7)}`));
  });

  test("is nobody's bump, though its branch is called like one of ours", async () => {
    const ours = `
    - name: bumps
      when: { author: "lockkeeper[bot]" }
      need: { approvals: 0, anyOf: [write] }`;
    await moveMain(signoff, configPath, config.replace(/\n {4}- name: production[^]*$/, ours));
    const { sha } = await openFromFork(bumpBranch);
    expect(await title(sha)).toBe("Waiting for 1 of people who can write.");
  });
});

function accountId(login: string): number {
  return signoff.github.hub.store.accounts.find((account) => account.login === login)!.id;
}
