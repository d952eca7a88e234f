import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeImage, checked, openPull, pushFile, review } from "../flows/signoff-steps.ts";
import { type SignoffWorld, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";
import { commitOn, tipOf } from "./branches.ts";

const apiFile = "apps/api/production/api.yaml";
let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff({ [apiFile]: deployment("1.0.0") });
});

afterEach(() => signoff.github.stop());

/** A branch as a merge queue makes it, put there by somebody: what it is called proves nothing. */
async function queueEntry(
  number: number,
  base: string,
  head: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const sha = await commitOn(signoff, "mallory", { parents: [base, head], files });
  const ref = `refs/heads/gh-readonly-queue/main/pr-${number}-${base}`;
  await signoff.as("mallory", "POST", "/git/refs", { ref, sha });
  return sha;
}

const verdict = async (sha: string) => {
  const run = await checked(signoff, sha);
  return [run?.conclusion, run?.title];
};

describe("what a merge queue has built", () => {
  test("lets nothing land behind an approved pull request that nobody has approved", async () => {
    const one = await changeImage(signoff, "mallory");
    await review(signoff, "grace", one.number);
    const other = await pushFile(signoff, "linus", "other", { path: apiFile, text: deployment("6.6.6") });
    const number = await openPull(signoff, "linus", "other");
    const web = { [webFile]: deployment("1.1.0") };
    const first = await queueEntry(one.number, await tipOf(signoff, "main"), one.sha, web);
    const second = await queueEntry(number, first, other, { [apiFile]: deployment("6.6.6") });
    expect(await verdict(first)).toEqual(["success", "Signed off by grace."]);
    const waits = `Pull request ${number}: Waiting for 1 of acme/sre.`;
    expect(await verdict(second)).toEqual(["action_required", waits]);
    signoff.pass();
    await review(signoff, "grace", number);
    expect((await verdict(second))[0]).toBe("success");
  });

  test("is refused where anything else came in on the way", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const files = { [webFile]: deployment("1.1.0"), [apiFile]: deployment("6.6.6") };
    const built = await queueEntry(number, await tipOf(signoff, "main"), sha, files);
    expect(await verdict(built)).toEqual([
      "failure",
      "The merge queue has built something else than what was approved.",
    ]);
  });

  test("is not judged by the name of its branch: what begins elsewhere is built anew first", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const files = { [webFile]: deployment("1.1.0") };
    const aside = await commitOn(signoff, "mallory", {
      parents: [await tipOf(signoff, "main")],
      files: { [apiFile]: deployment("6.6.6") },
    });
    const built = await queueEntry(number, aside, sha, files);
    await expect(checked(signoff, built)).rejects.toThrow("the merge queue is being built anew");
  });
});
