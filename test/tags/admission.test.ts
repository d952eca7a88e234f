import { describe, expect, test } from "vitest";
import { type ImageFacts, type ImageNeeds, refuseImage, withoutRefused } from "../../src/tags/admission.ts";
import { chooseTag } from "../../src/tags/choose-tag.ts";
import type { TagChoice } from "../../src/tags/tag-choice.ts";

const day = 86_400;
const facts: ImageFacts = {
  ageSeconds: 10 * day,
  seenSeconds: null,
  platforms: ["linux/amd64", "linux/arm64"],
};
const needs: ImageNeeds = { minimumAgeSeconds: 3 * day, platforms: ["linux/amd64"] };

describe("an image", () => {
  test.each<[what: string, facts: Partial<ImageFacts>, needs: Partial<ImageNeeds>, refusal: string | null]>([
    ["old enough, with the platform", {}, {}, null],
    ["as old as it has to be", { ageSeconds: 3 * day }, {}, null],
    ["too young", { ageSeconds: 5 * 3600 }, {}, "too-young: has to be 3d old"],
    ["seen too shortly, whatever it says", { seenSeconds: 60 }, {}, "too-young: has to be 3d old"],
    [
      "seen long ago, but made anew",
      { ageSeconds: 30, seenSeconds: 9 * day },
      {},
      "too-young: has to be 3d old",
    ],
    ["seen long enough, of unknown date", { ageSeconds: null, seenSeconds: 4 * day }, {}, null],
    [
      "of unknown date",
      { ageSeconds: null },
      {},
      "too-young: does not say when it was made, and has to be 3d old",
    ],
    ["made in the future", { ageSeconds: -5 }, {}, "too-young: has to be 3d old"],
    ["of unknown date where any age will do", { ageSeconds: null }, { minimumAgeSeconds: null }, null],
    [
      "that lacks platforms",
      {},
      { platforms: ["linux/amd64", "linux/s390x", "windows/amd64"] },
      "no-platform: is not there for linux/s390x, windows/amd64",
    ],
    [
      "with a default variant spelled out",
      { platforms: ["linux/arm64/v8", "linux/arm/v7"] },
      { platforms: ["linux/arm64", "linux/arm"] },
      null,
    ],
    [
      "with another variant",
      { platforms: ["linux/arm/v6"] },
      { platforms: ["linux/arm/v7"] },
      "no-platform: is not there for linux/arm/v7",
    ],
  ])("%s", (_what, known, asked, refusal) => {
    const found = refuseImage({ ...facts, ...known }, { ...needs, ...asked });
    expect(found === undefined ? null : `${found.verdict}: ${found.reason}`).toBe(refusal);
  });
});

describe("a choice of which followers are refused", () => {
  const young = { verdict: "too-young", reason: "has to be 3d old" } as const;

  function choice(): TagChoice {
    const chosen = chooseTag({ current: "1.0.0", tags: ["1.0.0", "1.1.0", "1.2.0"] });
    if (!chosen.ok) throw new Error(chosen.failure.message);
    return chosen.value;
  }

  test("falls back to the next one, and says what it waits for", () => {
    const fallen = withoutRefused(choice(), new Map([["1.2.0", young]]));
    expect(fallen).toMatchObject({ chosen: "1.1.0", kind: "minor" });
    expect(fallen.reason).toBe("1.1.0 is taken, as 1.2.0 has to be 3d old.");
    expect(fallen.candidates.map(({ tag, verdict }) => `${tag} ${verdict}`)).toEqual([
      "1.2.0 too-young",
      "1.1.0 chosen",
      "1.0.0 current",
    ]);
  });

  test("is none where all are", () => {
    const none = withoutRefused(
      choice(),
      new Map([
        ["1.2.0", young],
        ["1.1.0", young],
      ]),
    );
    expect(none).toMatchObject({ chosen: null, kind: null, followers: [] });
    expect(none.reason).toBe("Nothing newer may be taken now: 1.2.0 has to be 3d old.");
  });

  test("stays as it is where none is", () => {
    expect(withoutRefused(choice(), new Map())).toEqual(choice());
  });
});
