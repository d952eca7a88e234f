/** What two more versionings of Renovate's say of two tags: the one by a regular expression, and the loose one. */

const folder = "renovatebot/renovate, lib/modules/versioning";
const regex = `${folder}/regex/index.spec.ts at 1bbfbd1`;
const build = `${folder}/regex/index.spec.ts at 1bbfbd1, build and revision`;
const code = `${folder}/regex/index.ts at 09fb36f`;
const lookup = "renovatebot/renovate, lib/workers/repository/process/lookup/filter.ts at 006287c";
const loose = `${folder}/loose/index.spec.ts at 081d3a7`;

const python = {
  type: "regex",
  pattern: String.raw`^(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)(?<prerelease>[^.-]+)?(?:-(?<compatibility>.*))?$`,
} as const;
const packaged = {
  type: "regex",
  pattern: String.raw`^(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)(?:-(?<compatibility>.*-r)(?<build>\d+))?$`,
} as const;
const revised = {
  type: "regex",
  pattern: String.raw`^(?<major>\d+)\.(?<minor>\d+)\.(?<patch>\d+)-(?<build>\d+)(?:-(?<revision>\d+))?$`,
} as const;
const stream = { type: "regex", pattern: String.raw`^stream-(?<patch>\d+)` } as const;
const any = { type: "loose" } as const;

/** Whether a tag is an update of the current one: compatible, greater, and as stable. */
export const versionings = [
  { source: regex, policy: python, current: "4.1.0", tag: "4.1.1", follows: true },
  { source: regex, policy: python, current: "4.1.1", tag: "4.1.0", follows: false },
  { source: regex, policy: python, current: "4.1.0", tag: "4.1.0", follows: false },
  { source: regex, policy: python, current: "4.1.0", tag: "5.0.0", follows: true },
  { source: regex, policy: python, current: "4.1.0", tag: "4.2", follows: false },
  { source: regex, policy: python, current: "4.1.0", tag: "4.2.0.1", follows: false },
  { source: regex, policy: python, current: "4.1.0a1", tag: "4.1.0a2", follows: true },
  { source: regex, policy: python, current: "4.1.0a2", tag: "4.1.0b1", follows: true },
  { source: regex, policy: python, current: "4.1.0b9", tag: "4.1.0b10", follows: true },
  { source: regex, policy: python, current: "4.1.0b2", tag: "4.1.0", follows: true },
  { source: regex, policy: python, current: "4.1.0", tag: "4.1.0b2", follows: false },
  { source: regex, policy: python, current: "4.1.0", tag: "4.1.1-slim", follows: false },
  { source: regex, policy: python, current: "4.1.0-slim", tag: "4.1.1", follows: false },
  { source: regex, policy: python, current: "4.1.0-slim", tag: "4.1.1-slim", follows: true },
  { source: regex, policy: python, current: "4.1.0-slim", tag: "4.1.1-full", follows: false },
  { source: regex, policy: python, current: "4.1.0a1-slim", tag: "4.1.0-slim", follows: true },
  { source: lookup, policy: python, current: "4.1.0", tag: "4.2.0a1", follows: false },
  { source: lookup, policy: python, current: "4.1.0a1", tag: "4.2.0a1", follows: false },
  { source: lookup, policy: python, current: "4.1.0a1", tag: "4.2.0", follows: true },
  { source: build, policy: packaged, current: "4.1.0-debian-9-r8", tag: "4.1.0-debian-9-r10", follows: true },
  {
    source: build,
    policy: packaged,
    current: "4.1.0-debian-9-r8",
    tag: "4.1.0-debian-10-r9",
    follows: false,
  },
  { source: build, policy: packaged, current: "4.1.0-debian-9-r8", tag: "4.2.0-debian-9-r0", follows: true },
  { source: build, policy: packaged, current: "4.1.0", tag: "4.2.0-debian-9-r0", follows: false },
  { source: build, policy: revised, current: "4.1.0-7-1", tag: "4.1.0-7-2", follows: true },
  { source: build, policy: revised, current: "4.1.0-7-9", tag: "4.1.0-8", follows: true },
  { source: build, policy: revised, current: "4.1.0-7", tag: "4.1.0-7-1", follows: true },
  { source: code, policy: stream, current: "stream-9", tag: "stream-10", follows: true },
  { source: code, policy: stream, current: "stream-9", tag: "stream-10-next", follows: true },
  { source: code, policy: stream, current: "stream-9", tag: "flow-10", follows: false },
  { source: loose, policy: any, current: "3.7", tag: "3.7.0", follows: true },
  { source: loose, policy: any, current: "3.7.0", tag: "3.7", follows: false },
  { source: loose, policy: any, current: "3.7.1", tag: "3.7.2", follows: true },
  { source: loose, policy: any, current: "3.7.99", tag: "3.7.100", follows: true },
  { source: loose, policy: any, current: "3.9", tag: "4", follows: true },
  { source: loose, policy: any, current: "3.7.alpha", tag: "3.7.beta", follows: true },
  { source: loose, policy: any, current: "3.7.beta", tag: "3.7", follows: true },
  { source: loose, policy: any, current: "3.7.beta", tag: "3.7.0", follows: true },
  { source: loose, policy: any, current: "3.7.0", tag: "3.7.beta", follows: false },
  { source: loose, policy: any, current: "V3.7", tag: "v3.8", follows: true },
  { source: loose, policy: any, current: "3.7.5-99", tag: "3.7.5-100", follows: true },
  { source: loose, policy: any, current: "5.2.21.Final", tag: "5.2.22.Final", follows: true },
  { source: loose, policy: any, current: "3.1.0.GA", tag: "3.2.0.SP1", follows: true },
  {
    source: loose,
    policy: any,
    current: "2025-07-21T11-33-04.c0ffee1",
    tag: "2025-07-21T11-33-05.c0ffee1",
    follows: true,
  },
  {
    source: loose,
    policy: any,
    current: "2026051723231779060202",
    tag: "2026051723231779060208",
    follows: true,
  },
  { source: loose, policy: any, current: "1", tag: "0a1b2c3", follows: false },
  { source: loose, policy: any, current: "1", tag: "web", follows: false },
  { source: loose, policy: any, current: "1.0", tag: "1.2.3.4.5.6.7", follows: false },
  { source: loose, policy: any, current: "1.0", tag: "123098140293", follows: true },
] as const;
