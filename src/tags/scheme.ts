/** Chooses by any order of tags: what all policies share. */

import type { ChangeKind } from "../model/update.ts";
import { compareSpelling } from "./compare-spelling.ts";
import type { Candidate, Follower, Refusal, TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** How a policy reads tags and orders them. */
export interface Scheme<V> {
  /** What a tag is to it: `version`. */
  readonly noun: string;
  /** How its range is written, null without one. */
  readonly range: string | null;
  /** Undefined where a text is nothing that it orders. */
  readonly read: (text: string) => V | undefined;
  /** Where the ranks of two differ, the one of the higher rank is the later; equal ones say nothing. */
  readonly rank?: (value: V) => number;
  /** Positive where the left one is later; 0 for two spellings of one. */
  readonly compare: (left: V, right: V) => number;
  /** Why the two have no order, as the end of a sentence. */
  readonly differs: (value: V, current: V) => string | undefined;
  /** Why one that is later may not follow. */
  readonly refuse: (value: V, current: V) => Refusal | undefined;
  readonly kind: (from: V, to: V) => ChangeKind;
}

interface Item<V> {
  readonly tag: string;
  readonly value: V;
}

/** Never one that is not later than the current one; where the current one has no place in the order, none at all. */
export function chooseByScheme<V>(sieved: Sieved, scheme: Scheme<V>): TagChoice {
  const items = readAll(sieved, scheme);
  const skipped = sieved.skipped + sieved.named.length - items.length;
  const about = { skipped, noun: scheme.noun };
  const base = readCurrent(sieved, scheme);
  if (typeof base === "string") {
    const take = sieved.fromAny && sieved.current !== null ? takeLatest : withoutOrder;
    return { ...take(base, items, { sieved, scheme }), ...about, outside: false };
  }
  const { comparable, others } = sorted(items, base, scheme);
  const judge = judgeAgainst(base, scheme);
  const judged = comparable.map((item) => ({ item, refusal: judge(item) }));
  const followers: Follower[] = [];
  for (const { item, refusal } of judged) {
    if (refusal === undefined) followers.push({ tag: item.tag, kind: scheme.kind(base.value, item.value) });
  }
  const chosen = followers[0];
  return {
    chosen: chosen?.tag ?? null,
    kind: chosen?.kind ?? null,
    reason:
      chosen === undefined ? whyNone(base, judged, scheme) : whyThis(chosen.tag, base.tag, sieved, scheme),
    candidates: [...candidatesOf(judged, base.tag, chosen?.tag), ...others, ...sieved.refused],
    followers,
    ...about,
    outside: isOutside(base, scheme),
  };
}

function readAll<V>({ named }: Sieved, { read }: Scheme<V>): readonly Item<V>[] {
  const items: Item<V>[] = [];
  for (const { tag, text } of named) {
    const value = read(text);
    if (value !== undefined) items.push({ tag, value });
  }
  return items;
}

/** The current tag as the policy reads it, or why it has no place in the order. */
function readCurrent<V>({ current }: Sieved, { noun, read }: Scheme<V>): Item<V> | string {
  if (current === null) return "The image has no tag";
  if (current.text === null) return `${current.tag} does not match the pattern`;
  const value = read(current.text);
  return value === undefined ? `${current.tag} is not a ${noun}` : { tag: current.tag, value };
}

interface Sorted<V> {
  /** Latest first. */
  readonly comparable: readonly Item<V>[];
  /** By code unit, so that no order of the registry shows. */
  readonly others: readonly Candidate[];
}

/** The current one is comparable, whatever its line. */
function sorted<V>(items: readonly Item<V>[], base: Item<V>, scheme: Scheme<V>): Sorted<V> {
  const { compare, differs, rank = () => 0 } = scheme;
  const comparable: (Item<V> & { readonly rank: number })[] = [];
  const others: Candidate[] = [];
  for (const { tag, value } of items) {
    const reason = differs(value, base.value);
    if (reason === undefined) comparable.push({ tag, value, rank: rank(value) });
    else others.push({ tag, verdict: "not-comparable", reason });
  }
  comparable.sort((left, right) => {
    if (left.rank !== right.rank) return right.rank - left.rank;
    return compare(right.value, left.value) || compareSpelling(right.tag, left.tag);
  });
  return { comparable, others: others.sort(byCodeUnit) };
}

function byCodeUnit(left: Candidate, right: Candidate): number {
  return left.tag < right.tag ? -1 : 1;
}

/** Why a tag is not taken; undefined where it may be. Sentences are made once, as there may be 100,000 tags. */
function judgeAgainst<V>(base: Item<V>, scheme: Scheme<V>): (item: Item<V>) => Refusal | undefined {
  const current: Refusal = { verdict: "current", reason: "is the current one" };
  const same: Refusal = { verdict: "older", reason: `is ${base.tag} written differently` };
  const older: Refusal = { verdict: "older", reason: `is older than the current ${base.tag}` };
  return ({ tag, value }) => {
    if (tag === base.tag) return current;
    const order = scheme.compare(value, base.value);
    if (order === 0) return same;
    return order < 0 ? older : scheme.refuse(value, base.value);
  };
}

interface JudgedItem<V> {
  readonly item: Item<V>;
  readonly refusal: Refusal | undefined;
}

function candidatesOf<V>(
  judged: readonly JudgedItem<V>[],
  base: string,
  chosen: string | undefined,
): readonly Candidate[] {
  const best = { verdict: "chosen", reason: `is the latest that may follow ${base}` } as const;
  const between = `is newer than the current ${base}, but older than ${chosen}`;
  return judged.map(({ item: { tag }, refusal }) => {
    const { verdict, reason } = refusal ?? (tag === chosen ? best : { verdict: "older", reason: between });
    return { tag, verdict, reason };
  });
}

function whyThis<V>(chosen: string, base: string, { refused }: Sieved, { noun, range }: Scheme<V>): string {
  const limits = range === null ? "" : ` within ${range}`;
  const filtered = refused.length > 0 ? " of those that are asked for" : "";
  return `${chosen} is the latest ${noun}${limits}${filtered} that may follow ${base}.`;
}

function whyNone<V>(base: Item<V>, judged: readonly JudgedItem<V>[], scheme: Scheme<V>): string {
  if (isOutside(base, scheme)) {
    const last = judged.find(
      ({ item, refusal }) => refusal?.verdict === "older" && !scheme.refuse(item.value, base.value),
    );
    if (last === undefined) return `${base.tag} is outside ${scheme.range}, and no tag is within it.`;
    const newest = `the latest that it allows is ${last.item.tag}`;
    return `${base.tag} is already newer than ${scheme.range} allows, and left alone: ${newest}.`;
  }
  const held = judged.find(
    ({ refusal }) => refusal?.verdict === "out-of-range" || refusal?.verdict === "prerelease",
  );
  if (held?.refusal !== undefined) {
    return `Nothing newer than ${base.tag} is allowed: ${held.item.tag} ${held.refusal.reason}.`;
  }
  return `${base.tag} is the latest of its kind.`;
}

function isOutside<V>({ value }: Item<V>, { range, refuse }: Scheme<V>): boolean {
  return range !== null && refuse(value, value) !== undefined;
}

interface Unordered<V> {
  readonly sieved: Sieved;
  readonly scheme: Scheme<V>;
}

/** The latest of those that are allowed, as the current one is neither earlier nor later than any. */
function takeLatest<V>(
  what: string,
  items: readonly Item<V>[],
  { sieved: { refused }, scheme }: Unordered<V>,
): Omit<TagChoice, "skipped" | "noun" | "outside"> {
  const [any] = items;
  const { comparable } =
    any === undefined ? { comparable: [] } : sorted(items, any, { ...scheme, differs: () => undefined });
  const judged = comparable.map((item) => ({ item, refusal: scheme.refuse(item.value, item.value) }));
  const allowed = judged.filter(({ refusal }) => refusal === undefined);
  const followers = allowed.map(({ item: { tag } }): Follower => ({ tag, kind: "tag" }));
  const chosen = followers[0]?.tag ?? null;
  const limits = scheme.range === null ? "" : ` within ${scheme.range}`;
  const latest = chosen === null ? `no ${scheme.noun} is there${limits}` : `${chosen} is the latest${limits}`;
  return {
    chosen,
    reason: `${what}, and ${latest}.`,
    kind: chosen === null ? null : "tag",
    candidates: [...judged.map(({ item: { tag }, refusal }) => allowedOf(tag, refusal, chosen)), ...refused],
    followers,
  };
}

function allowedOf(tag: string, refusal: Refusal | undefined, chosen: string | null): Candidate {
  if (refusal !== undefined) return { tag, ...refusal };
  if (tag === chosen) return { tag, verdict: "chosen", reason: "is the latest that is allowed" };
  return { tag, verdict: "older", reason: `is older than ${chosen}` };
}

function withoutOrder<V>(
  what: string,
  items: readonly Item<V>[],
  { sieved: { refused } }: Unordered<V>,
): Omit<TagChoice, "skipped" | "noun" | "outside"> {
  const reason = "has no current version to compare with";
  const candidates = items
    .map(({ tag }): Candidate => ({ tag, verdict: "not-comparable", reason }))
    .sort(byCodeUnit);
  return {
    chosen: null,
    reason: `${what}, so no tag is newer than it.`,
    kind: null,
    candidates: [...candidates, ...refused],
    followers: [],
  };
}
