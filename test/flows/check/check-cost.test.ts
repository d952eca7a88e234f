import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createForge } from "../../../src/github/forge.ts";
import { buildBump, changeImage, checkOnce, moveMain, openBump, review, runs } from "../signoff-steps.ts";
import { type SignoffWorld, deployment, startSignoff, webFile } from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

/** What one evaluation sends, by route; tokens and archives are not counted, as GitHub does not. */
async function sent(sha: string): Promise<readonly string[]> {
  const { requests } = signoff.github.hub;
  const before = requests.length;
  value(await checkOnce(signoff, sha));
  return requests
    .slice(before)
    .filter(({ route }) => !/access_tokens|tarball|\/archives?\/|codeload/.test(route))
    .map(({ method, route }) => `${method} ${route.replace("/repos/{owner}/{repo}/", "")}`);
}

const aboutPeople = (routes: readonly string[]): number =>
  routes.filter((route) => /memberships|permission/.test(route)).length;

describe("a verdict", () => {
  test("costs six requests and one for the team, signed off for the first time and again", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await sent(sha);
    await review(signoff, "grace", number);
    for (const routes of [await sent(sha), await sent(sha)]) {
      expect(routes.length - aboutPeople(routes)).toBeLessThanOrEqual(6);
      expect(aboutPeople(routes)).toBe(1);
    }
  });

  test("of a bump that was built anew costs no more, as what was approved was compared when the branch moved", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    await sent(sha);
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    // As every push to the default branch has all open pull requests judged, whether or not GitHub knows if they can merge.
    await checkOnce(signoff, sha);
    const rebuilt = await buildBump(signoff, deployment("1.1.0", "another first line"));
    const [first, second] = [await sent(rebuilt), await sent(rebuilt)];
    expect(first.filter((route) => route.includes("compare"))).toHaveLength(1);
    expect(second.length - aboutPeople(second)).toBeLessThanOrEqual(6);
    expect(aboutPeople(second)).toBe(1);
    expect((await runs(signoff, rebuilt))[0]?.title).toBe("Signed off by grace.");
  });

  test("of such a bump costs one more once in a process that has just begun: nothing that can be derived is stored", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    await sent(sha);
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    const rebuilt = await buildBump(signoff, deployment("1.1.0", "another first line"));
    const { appId, privateKey, apiUrl } = signoff.github;
    const forge = createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
    signoff = { ...signoff, forge, world: { ...signoff.world, forge } };
    const comparisons = async () => (await sent(rebuilt)).filter((route) => route.includes("compare")).length;
    expect([await comparisons(), await comparisons()]).toEqual([2, 1]);
    expect((await runs(signoff, rebuilt))[0]?.title).toBe("Signed off by grace.");
  });

  test("is not written again for reviews that change nothing", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await sent(sha);
    await review(signoff, "linus", number, "COMMENT");
    await review(signoff, "grace", number);
    await review(signoff, "grace", number, "COMMENT");
    expect((await sent(sha)).filter((route) => !route.startsWith("GET"))).toEqual([]);
    await moveMain(signoff, "README.md", "moved\n");
    expect((await sent(sha)).filter((route) => !route.startsWith("GET"))).toEqual([]);
    expect(await runs(signoff, sha)).toHaveLength(1);
  });
});
