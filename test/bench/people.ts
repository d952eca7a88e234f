/** What people do in the bench, each with their own token. */

import { type Person, must, person } from "../../src/cli/demo/person.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { waitFor } from "./wait-for.ts";

/** Somebody of the seed. */
export function somebody({ github, users }: Sandbox, login: string): Person {
  return person(github.apiUrl, login, users[login] ?? "");
}

/**
 * Opens a pull request with one commit. Its branch begins at that commit, so that a review in the same second can only have
 * seen that one.
 */
export async function propose(
  who: Person,
  repository: string,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly number: number; readonly sha: string }> {
  const at = `/repos/${repository}`;
  const main = await must<{ object: { sha: string } }>(who, "GET", `${at}/git/ref/heads/main`);
  const parent = main.object.sha;
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    mode: "100644",
    type: "blob",
    content,
  }));
  const tree = await must<{ sha: string }>(who, "POST", `${at}/git/trees`, {
    base_tree: parent,
    tree: entries,
  });
  const commit = { message: branch, tree: tree.sha, parents: [parent] };
  const { sha } = await must<{ sha: string }>(who, "POST", `${at}/git/commits`, commit);
  await must(who, "POST", `${at}/git/refs`, { ref: `refs/heads/${branch}`, sha });
  const draft = { title: branch, head: branch, base: "main", body: "" };
  const { number } = await must<{ number: number }>(who, "POST", `${at}/pulls`, draft);
  return { number, sha };
}

export async function approve(who: Person, repository: string, number: number): Promise<void> {
  await must(who, "POST", `/repos/${repository}/pulls/${number}/reviews`, { event: "APPROVE" });
}

/** Waits until our check lets the commit in. */
export async function signedOff(who: Person, repository: string, sha: string): Promise<void> {
  const path = `/repos/${repository}/commits/${sha}/check-runs?check_name=lockkeeper%2Fsignoff`;
  await waitFor(`the sign-off of ${sha}`, async () => {
    const { check_runs } = await must<{ check_runs: { conclusion: string | null }[] }>(who, "GET", path);
    return check_runs[0]?.conclusion === "success" ? true : undefined;
  });
}
