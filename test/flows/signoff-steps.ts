/** What people and the App do in the sign-off tests, in the words of the tests. */

import { check } from "../../src/flows/check/check.ts";
import type { Result } from "../../src/model/failure.ts";
import type { CheckRun } from "../../src/ports/checks.ts";
import { type Login, type SignoffWorld, deployment, webFile } from "./signoff-world.ts";
import { value } from "./user-call.ts";

/** Makes a branch from main and one commit on it as a person, by the contents API; answers the commit. */
export async function pushFile(
  signoff: SignoffWorld,
  login: Login,
  branch: string,
  file: { readonly path: string; readonly text: string },
): Promise<string> {
  const { as } = signoff;
  const main = await as(login, "GET", "/git/ref/heads/main");
  const exists = await as(login, "GET", `/git/matching-refs/heads/${branch}`);
  if (exists.length === 0)
    await as(login, "POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: main.object.sha });
  const at = `/contents/${file.path}`;
  const old = await as(login, "GET", `${at}?ref=${branch}`).catch(() => undefined);
  const content = Buffer.from(file.text).toString("base64");
  const pushed = await as(login, "PUT", at, { message: "Change", content, branch, sha: old?.sha });
  return pushed.commit.sha;
}

/** Opens a pull request of a person onto main; answers its number. */
export async function openPull(signoff: SignoffWorld, login: Login, branch: string): Promise<number> {
  const pull = await signoff.as(login, "POST", "/pulls", { title: "Change", head: branch, base: "main" });
  return pull.number;
}

/** A pull request by `login` that moves the image. */
export async function changeImage(
  signoff: SignoffWorld,
  login: Login,
  tag = "1.1.0",
): Promise<{ number: number; sha: string }> {
  const branch = `by-${login}`;
  const sha = await pushFile(signoff, login, branch, { path: webFile, text: deployment(tag) });
  const number = await openPull(signoff, login, branch);
  signoff.pass();
  return { number, sha };
}

export const bumpBranch = "lockkeeper/bump/web-1234";

/** Builds our branch on the head of main, as the scan flow does; answers the commit. */
export async function buildBump(signoff: SignoffWorld, text: string): Promise<string> {
  const { code } = signoff.forge.open(signoff.repository, "scan");
  const existing = await code.branch(bumpBranch);
  const sha = value(
    await code.writeBranch({
      branch: bumpBranch,
      parent: value(await code.head()).sha,
      files: new Map([[webFile, new TextEncoder().encode(text)]]),
      message: "Move web to another version",
      expected: existing.ok ? existing.value : null,
    }),
  );
  signoff.pass();
  return sha;
}

/** Our pull request that moves the image. */
export async function openBump(
  signoff: SignoffWorld,
  text: string,
): Promise<{ number: number; sha: string }> {
  const sha = await buildBump(signoff, text);
  const { pulls } = signoff.forge.open(signoff.repository, "scan");
  const draft = { title: "Move web", body: "", head: bumpBranch, base: "main" };
  const { number } = value(await pulls.create(draft));
  signoff.pass();
  return { number, sha };
}

/** Something lands on main past every pull request. */
export async function moveMain(signoff: SignoffWorld, path: string, text: string): Promise<void> {
  await pushFile(signoff, "ada", "main", { path, text });
  signoff.pass();
}

export async function review(
  signoff: SignoffWorld,
  login: Login,
  number: number,
  event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT" = "APPROVE",
): Promise<number> {
  const made = await signoff.as(login, "POST", `/pulls/${number}/reviews`, { event, body: "seen" });
  signoff.pass();
  return made.id;
}

export function checkOnce(signoff: SignoffWorld, sha: string): Promise<Result<void>> {
  return check(signoff.world, { flow: "check", repository: signoff.repository, sha });
}

/** Runs the flow; answers the newest check run of the commit. */
export async function checked(signoff: SignoffWorld, sha: string): Promise<CheckRun | undefined> {
  value(await checkOnce(signoff, sha));
  return (await runs(signoff, sha))[0];
}

export async function runs(signoff: SignoffWorld, sha: string): Promise<readonly CheckRun[]> {
  return value(await signoff.forge.open(signoff.repository, "check").checks.list(sha, "lockkeeper/signoff"));
}
