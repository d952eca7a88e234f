import { describe, expect, test } from "vitest";
import { chooseTag } from "../../src/tags/choose-tag.ts";
import { isInRange, parseVersionRange } from "../../src/tags/masterminds-range.ts";
import { readVersion } from "../../src/tags/masterminds-version.ts";
import { type ImagePolicy, newestVersion } from "../../src/tags/policy.ts";
import { compilePattern, sieve } from "../../src/tags/tag-filter.ts";
import { filters, noPatterns } from "./vectors/flux-filter.ts";
import { policies } from "./vectors/flux-policies.ts";
import { noRanges, ranges } from "./vectors/masterminds-ranges.ts";
import { refusals, updates } from "./vectors/renovate-docker.ts";
import { versionings } from "./vectors/renovate-versionings.ts";

describe("as Masterminds/semver", () => {
  test.each(ranges)("$range holds $inside and not $outside ($source)", ({ range, inside, outside }) => {
    const parsed = parseVersionRange(range);
    if (!parsed.ok) throw new Error(parsed.failure.message);
    const holds = (text: string): boolean => {
      const version = readVersion(text);
      if (version === undefined) throw new Error(`${text} is no version`);
      return isInRange(parsed.value, version, false);
    };
    expect([...inside, ...outside].filter(holds)).toEqual(inside);
  });

  test.each(noRanges)("$range is no range ($source)", ({ range }) => {
    expect(parseVersionRange(range)).toMatchObject({ ok: false, failure: { code: "malformed" } });
  });
});

describe("as Flux", () => {
  test.each(filters)("$pattern with $extract leaves $left ($source)", ({ pattern, extract, tags, left }) => {
    const sieved = sieve({ current: null, tags }, { ...newestVersion.tags, pattern, extract });
    if (!sieved.ok) throw new Error(sieved.failure.message);
    expect(Object.fromEntries(sieved.value.named.map(({ tag, text }) => [tag, text]))).toEqual(left);
  });

  test.each(noPatterns)("%s is no pattern", (pattern) => {
    expect(compilePattern(pattern)).toMatchObject({ ok: false, failure: { code: "malformed" } });
  });

  test.each(policies)("$policy of $tags from $current is $chosen ($source)", (vector) => {
    const { current, tags, policy, chosen } = vector;
    const settings: ImagePolicy = { policy, tags: newestVersion.tags };
    expect(chooseTag({ current, tags }, settings)).toMatchObject({ ok: true, value: { chosen } });
  });
});

describe("as Renovate's docker versioning", () => {
  test.each(updates)("$tag after $current: $follows ($source)", ({ current, tag, follows }) => {
    const choice = chooseTag({ current, tags: [current, tag] });
    expect(choice).toMatchObject({ ok: true, value: { chosen: follows ? tag : null } });
  });

  test.each(refusals)("but not $tag after $current, as $why ($source)", ({ current, tag }) => {
    expect(chooseTag({ current, tags: [tag] })).toMatchObject({ ok: true, value: { chosen: null } });
  });
});

describe("as Renovate's versionings by regular expression and loose", () => {
  test.each(versionings)("$tag after $current: $follows ($source)", ({ policy, current, tag, follows }) => {
    const choice = chooseTag({ current, tags: [current, tag] }, { ...newestVersion, policy });
    expect(choice).toMatchObject({ ok: true, value: { chosen: follows ? tag : null } });
  });
});
