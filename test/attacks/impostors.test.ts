import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signatureOf } from "../../src/flows/landing/landing-proof.ts";
import { emptyProtection } from "../../src/sandbox/github/store.ts";
import { changeImage, checked, openPull, pushFile, review, runs } from "../flows/signoff-steps.ts";
import { type SignoffWorld, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";
import { value } from "../flows/user-call.ts";
import { commitOn, move, tipOf } from "./branches.ts";
import { forgeCheck } from "./other-app.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

const title = async (sha: string) => (await checked(signoff, sha))?.title;
const accountId = (login: string): number =>
  signoff.github.hub.store.accounts.find((account) => account.login === login)!.id;

describe("a check of the same name that is not ours", () => {
  beforeEach(() => {
    const { appId, hub } = signoff.github;
    const checks = [{ context: "lockkeeper/signoff", appId }];
    const protection = { ...emptyProtection(), checks, requirePullRequest: true };
    hub.store.repositories[0]!.protections.set("main", protection);
  });

  test.each<[string, (sha: string) => unknown]>([
    ["a check by another App", (sha) => forgeCheck(signoff.github, signoff.repository.id, sha)],
    [
      "a status by somebody who can write",
      (sha) =>
        signoff.as("mallory", "POST", `/statuses/${sha}`, {
          context: "lockkeeper/signoff",
          state: "success",
        }),
    ],
  ])("%s lets nothing merge, is not taken for ours, and proves no landing", async (_, forge) => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await checked(signoff, sha);
    await forge(sha);
    const merge = signoff.as("mallory", "PUT", `/pulls/${number}/merge`, {});
    await expect(merge).rejects.toThrow(/405 .*Required status check .* is failing/);
    expect((await runs(signoff, sha)).map(({ conclusion }) => conclusion)).toEqual(["action_required"]);
    expect(await title(sha)).toBe("Waiting for 1 of acme/sre.");
    const forged = signoff.forge.open(signoff.repository, "check");
    const pull = value(await forged.pulls.get(number));
    expect(value(await signatureOf(forged, { ...pull, mergedAt: "2100-01-01T00:00:00Z" }))).toBeNull();
  });
});

describe("somebody who approves what is their own", () => {
  const pushed = { [webFile]: deployment("6.6.6") };
  const noreply = (login: string): string => `${accountId(login)}+${login}@users.noreply.github.com`;

  test("behind another author's address: the push tells", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    const author = { name: "Mallory", email: noreply("mallory") };
    const forged = await commitOn(signoff, "grace", { parents: [sha], files: pushed, author });
    await move(signoff, "grace", "by-mallory", forged);
    await review(signoff, "grace", number);
    expect(await title(forged)).toBe(
      `Waiting for 1 of acme/sre. grace does not: pushed ${forged.slice(0, 7)}.`,
    );
  });

  test("behind an address of nobody: nobody can be told apart from its author", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    const author = { name: "Nobody", email: "nobody@example.com" };
    const forged = await commitOn(signoff, "grace", { parents: [sha], files: pushed, author });
    await move(signoff, "grace", "by-mallory", forged);
    await review(signoff, "linus", number);
    expect(await title(forged)).toBe(
      `Commit ${forged.slice(0, 7)} belongs to no GitHub account, so nobody can be told from its author.`,
    );
  });

  test("as a co-author", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    const message = `Change\n\nCo-authored-by: Grace <${noreply("grace")}>`;
    const made = await commitOn(signoff, "mallory", { parents: [sha], files: pushed, message });
    await move(signoff, "mallory", "by-mallory", made);
    await review(signoff, "grace", number);
    expect(await title(made)).toBe(
      `Waiting for 1 of acme/sre. grace does not: is a co-author of ${made.slice(0, 7)}.`,
    );
  });

  test("by a second account that pushed what the first one wrote, and by the way back to it", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    const made = await commitOn(signoff, "mallory", { parents: [sha], files: pushed });
    await move(signoff, "grace", "by-mallory", made);
    await review(signoff, "grace", number);
    const why = `Waiting for 1 of acme/sre. grace does not: pushed ${made.slice(0, 7)}.`;
    expect(await title(made)).toBe(why);
    await move(signoff, "mallory", "by-mallory", sha);
    await move(signoff, "mallory", "by-mallory", made);
    expect(await title(made)).toBe(why);
  });

  test("by a side branch that is merged in behind the second parent", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    const main = await tipOf(signoff, "main");
    const side = await commitOn(signoff, "grace", {
      parents: [main],
      files: { "apps/web/production/b.yaml": "b: 1" },
    });
    const draft = { parents: [sha, side], files: { "apps/web/production/b.yaml": "b: 1" } };
    const merged = await commitOn(signoff, "mallory", draft);
    await move(signoff, "mallory", "by-mallory", merged);
    await review(signoff, "grace", number);
    expect(await title(merged)).toBe(`Waiting for 1 of acme/sre. grace does not: wrote ${side.slice(0, 7)}.`);
  });
});

describe("the way out of what is guarded", () => {
  test("a rename is judged by the app that it leaves, and by the one that it comes to", async () => {
    const main = await tipOf(signoff, "main");
    const files = { [webFile]: null, "docs/web.yaml": deployment("1.0.0") };
    const renamed = await commitOn(signoff, "mallory", { parents: [main], files });
    const ref = { ref: "refs/heads/rename", sha: renamed };
    await signoff.as("mallory", "POST", "/git/refs", ref);
    await openPull(signoff, "mallory", "rename");
    const run = await checked(signoff, renamed);
    expect([run?.conclusion, run?.title]).toEqual(["action_required", "Waiting for 1 of acme/sre."]);
  });

  test("a base that two environments share is signed for both", async () => {
    await signoff.github.stop();
    const kustomization = "resources: [../../../bases/web]\n";
    signoff = await startSignoff({
      "bases/web/kustomization.yaml": "resources: [web.yaml]\n",
      "bases/web/web.yaml": deployment("1.0.0"),
      "apps/api/production/kustomization.yaml": kustomization,
      "apps/api/staging/kustomization.yaml": kustomization,
    });
    const file = { path: "bases/web/web.yaml", text: deployment("6.6.6") };
    const sha = await pushFile(signoff, "mallory", "base", file);
    const number = await openPull(signoff, "mallory", "base");
    signoff.pass();
    expect(await title(sha)).toBe("Waiting for 1 of acme/sre and 1 of people who can write.");
    await review(signoff, "grace", number);
    expect(await title(sha)).toBe("Signed off by grace.");
  });
});
