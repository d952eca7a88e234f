import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pulls } from "../../src/flows/check/pulls.ts";
import type { World } from "../../src/flows/world.ts";
import type { Protection } from "../../src/sandbox/github/state.ts";
import { emptyProtection } from "../../src/sandbox/github/store.ts";
import { changeImage, checkOnce, checked, review } from "../flows/signoff-steps.ts";
import { type SignoffWorld, startSignoff } from "../flows/signoff-world.ts";
import { value } from "../flows/user-call.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

/** What one ruleset demands of main; null for no ruleset. */
function guardMain(more: Partial<Protection> | null): void {
  const { store } = signoff.github.hub;
  const { rulesets } = store.repositories[0]!;
  rulesets.splice(0);
  if (more === null) return;
  const protection = { ...emptyProtection(), ...more };
  const ruleset = { name: "main", enforcement: "active", branches: ["~DEFAULT_BRANCH"], protection } as const;
  rulesets.push({ ...ruleset, id: store.nextId(), createdAt: store.now() });
}

/** The same world in a process that has just begun, and what it warns of. */
function startAgain(): { readonly world: World; readonly warnings: string[] } {
  const warnings: string[] = [];
  const warn = (_: unknown, message: string): void => void warnings.push(message);
  return { world: { ...signoff.world, log: { ...signoff.world.log, warn } }, warnings };
}

const check = "lockkeeper/signoff";
const pinned = () => [{ context: check, appId: signoff.github.appId }];

describe("the check says what holds a merge back beside it", () => {
  test.each<[string, () => Partial<Protection> | null, readonly string[]]>([
    ["nothing at all", () => null, ["is not required on `main`", "takes pushes"]],
    [
      "a check that anybody can give",
      () => ({ checks: [{ context: check, appId: null }], requirePullRequest: true }),
      ["but not from this App"],
    ],
    ["the check", () => ({ checks: pinned(), requirePullRequest: true }), []],
    [
      "settings that fight it",
      () => ({ checks: pinned(), requirePullRequest: true, dismissStale: true, lastPushApproval: true }),
      ["dismisses approvals", "after the last push"],
    ],
  ])("%s", async (_, protection, told) => {
    guardMain(protection());
    const { sha } = await changeImage(signoff, "mallory");
    const lines = ((await checked(signoff, sha))?.summary ?? "")
      .split("\n")
      .filter((line) => line.startsWith("- "));
    expect(lines).toHaveLength(told.length + 1);
    told.forEach((text, at) => expect(lines[at]).toContain(text));
    expect(lines.at(-1)).toContain("shown to administrators only");
  });

  test("and says so anew ten minutes later, without a request for each verdict between", async () => {
    guardMain(null);
    const { sha } = await changeImage(signoff, "mallory");
    await checked(signoff, sha);
    guardMain({ checks: pinned(), requirePullRequest: true });
    expect((await checked(signoff, sha))?.summary).toContain("is not required on `main`");
    signoff.pass(600);
    expect((await checked(signoff, sha))?.summary).not.toContain("is not required on `main`");
  });
});

test("at start-up there is one warning for each repository, and none where all is well", async () => {
  guardMain(null);
  const { repository } = signoff;
  const first = startAgain();
  value(await pulls(first.world, { flow: "pulls", repository }));
  value(await pulls(first.world, { flow: "pulls", repository }));
  signoff.pass(600);
  value(await pulls(first.world, { flow: "pulls", repository }));
  expect(first.warnings).toEqual([expect.stringContaining("is not required on `main`")]);
  guardMain({ checks: pinned(), requirePullRequest: true });
  const second = startAgain();
  value(await pulls(second.world, { flow: "pulls", repository }));
  expect(second.warnings).toEqual([]);
});

test("what cannot be read of the branch's settings holds no verdict up", async () => {
  const { number, sha } = await changeImage(signoff, "mallory");
  await review(signoff, "grace", number);
  signoff.github.faults.add({ kind: "server-error", method: "GET", match: "*/rules/branches/*", times: 9 });
  value(await checkOnce(signoff, sha));
  expect((await checked(signoff, sha))?.conclusion).toBe("success");
});
