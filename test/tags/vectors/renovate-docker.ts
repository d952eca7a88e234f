/** What Renovate's docker versioning says of two tags, and where this project answers otherwise on purpose. */

const folder = "renovatebot/renovate, lib/modules/versioning/docker";
const order = `${folder}/index.spec.ts, isGreaterThan and sortVersions`;
const compatible = `${folder}/index.spec.ts, isCompatible and isStable`;
const valid = `${folder}/index.spec.ts, isValid`;
const code = `${folder}/index.ts at 19bc690`;

/** Whether a tag is an update of the current one: compatible, greater, and stable where the current one is. */
export const updates = [
  { source: order, current: "18.1", tag: "18.04", follows: true },
  { source: order, current: "18.04", tag: "18.1", follows: false },
  { source: order, current: "2", tag: "3", follows: true },
  { source: order, current: "1.2.3", tag: "1.2.3", follows: false },
  { source: order, current: "10.1.2", tag: "10.1", follows: false },
  { source: order, current: "1.2", tag: "1.2.3", follows: false },
  { source: order, current: "1.1.1", tag: "1.2.3", follows: true },
  { source: order, current: "1.2.3", tag: "0.9.5", follows: false },
  { source: order, current: "3.7.0b1", tag: "3.7.0b5", follows: true },
  { source: order, current: "3.7.0b5", tag: "3.7.0", follows: true },
  { source: order, current: "3.7.0", tag: "3.7.0b5", follows: false },
  { source: compatible, current: "3.7.0", tag: "3.8.2", follows: true },
  { source: compatible, current: "3.7.0", tag: "3.8.0-alpine", follows: false },
  { source: compatible, current: "3.7.0", tag: "3.7-alpine", follows: false },
  { source: compatible, current: "3.7.0-alpine", tag: "3.8.0-alpine", follows: true },
  { source: compatible, current: "3.7.0-alpine", tag: "3.8.0b1-alpine", follows: false },
  { source: compatible, current: "3.7.0-alpine", tag: "3.8.2", follows: false },
  { source: compatible, current: "3.7-alpine", tag: "3.8.0-alpine", follows: false },
  { source: compatible, current: "3.8.2", tag: "3.8.3-SNAPSHOT", follows: false },
  { source: compatible, current: "3.8.2", tag: "3.8.3-1-SNAPSHOT", follows: false },
  { source: valid, current: "1.2.3", tag: "foo", follows: false },
  { source: valid, current: "1", tag: "0a1b2c3", follows: false },
  { source: valid, current: "1", tag: "0a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d", follows: false },
  { source: valid, current: "123098140293", tag: "123098140294", follows: true },
  { source: code, current: "1.2.3-alpine3.18", tag: "1.2.4-alpine3.19", follows: false },
  { source: code, current: "v1.2.3", tag: "v1.2.4", follows: true },
] as const;

/** Where Renovate says yes. */
export const refusals = [
  {
    source: code,
    current: "v1.2.3",
    tag: "1.2.4",
    why: "the prefix stays: who writes v may not have the other",
  },
  { source: code, current: "8", tag: "20240101", why: "a date is no version" },
  { source: code, current: "1.2.3", tag: "2024.01.15", why: "a year is no major version" },
] as const;
