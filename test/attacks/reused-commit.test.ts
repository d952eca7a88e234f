import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeImage, checked, review, runs } from "../flows/signoff-steps.ts";
import { type SignoffWorld, startSignoff } from "../flows/signoff-world.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

describe("a commit that was signed off in a pull request", () => {
  test("is signed off no more once that is closed, so that none opened with it begins with a success", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    expect((await checked(signoff, sha))?.conclusion).toBe("success");
    await signoff.as("mallory", "PATCH", `/pulls/${number}`, { state: "closed" });
    const run = await checked(signoff, sha);
    expect([run?.conclusion, run?.title]).toEqual([
      "action_required",
      "No open pull request has this commit as its head.",
    ]);
    await checked(signoff, sha);
    expect(await runs(signoff, sha)).toHaveLength(2);
    await signoff.as("mallory", "PATCH", `/pulls/${number}`, { state: "open" });
    expect((await checked(signoff, sha))?.title).toBe("Signed off by grace.");
  });

  test("stays so once that is merged", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await checked(signoff, sha);
    await signoff.as("ada", "PUT", `/pulls/${number}/merge`, {});
    expect((await checked(signoff, sha))?.title).toBe("Signed off by grace.");
  });
});
