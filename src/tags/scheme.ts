/** Chooses by any order of tags: what all policies share. */

import type { ChangeKind } from "../model/update.ts";
import { compareSpelling } from "./compare-spelling.ts";
import type { Candidate, Refusal, TagChoice } from "./tag-choice.ts";
import type { Sieved } from "./tag-filter.ts";

/** How a policy reads tags and orders them. */
export interface Scheme<V> {
  /** What a tag is to it: `version`. */
  readonly noun: string;
  /** How its range is written, null without one. */
  readonly range: string | null;
  /** Undefined where a text is nothing that it orders. */
  readonly read: (text: string) => V | undefined;
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
  const items = sieved.named.flatMap(({ tag, text }) => {
    const value = scheme.read(text);
    return value === undefined ? [] : [{ tag, value }];
  });
  const skipped = sieved.skipped + sieved.named.length - items.length;
  const about = { skipped, noun: scheme.noun };
  const base = readCurrent(sieved, scheme);
  if (typeof base === "string") return { ...withoutOrder(base, items, sieved), ...about };
  const judged = sorted(items, base, scheme).map(({ difference, ...item }) => ({
    item,
    refusal: judge(item, difference, { base, scheme }),
  }));
  const allowed = judged.flatMap(({ item, refusal }) => (refusal === undefined ? [item] : []));
  const followers = allowed.map(({ tag, value }) => ({ tag, kind: scheme.kind(base.value, value) }));
  const chosen = followers[0];
  const candidates = judged.map(({ item: { tag }, refusal }) => ({
    tag,
    ...(refusal ?? later(tag, base.tag, chosen?.tag ?? tag)),
  }));
  return {
    chosen: chosen?.tag ?? null,
    kind: chosen?.kind ?? null,
    reason:
      chosen === undefined ? whyNone(base, judged, scheme) : whyThis(chosen.tag, base.tag, sieved, scheme),
    candidates: [...candidates, ...sieved.refused],
    followers,
    ...about,
  };
}

/** The current tag as the policy reads it, or why it has no place in the order. */
function readCurrent<V>({ current }: Sieved, { noun, read }: Scheme<V>): Item<V> | string {
  if (current === null) return "The image has no tag";
  if (current.text === null) return `${current.tag} does not match the pattern`;
  const value = read(current.text);
  return value === undefined ? `${current.tag} is not a ${noun}` : { tag: current.tag, value };
}

interface Compared<V> extends Item<V> {
  /** Why it cannot be compared with the current one. */
  readonly difference: string | undefined;
}

/** Comparable ones first, latest first; the rest by code unit, so that no order of the registry shows. */
function sorted<V>(items: readonly Item<V>[], base: Item<V>, scheme: Scheme<V>): readonly Compared<V>[] {
  const all = items.map((item) => ({ ...item, difference: scheme.differs(item.value, base.value) }));
  const same = all.filter(({ difference }) => difference === undefined);
  const other = all.filter(({ difference }) => difference !== undefined);
  return [
    ...same.sort(
      (left, right) => scheme.compare(right.value, left.value) || compareSpelling(right.tag, left.tag),
    ),
    ...other.sort((left, right) => (left.tag < right.tag ? -1 : 1)),
  ];
}

/** Why a tag is not taken; undefined where it may be. */
function judge<V>(
  { tag, value }: Item<V>,
  difference: string | undefined,
  { base, scheme }: { readonly base: Item<V>; readonly scheme: Scheme<V> },
): Refusal | undefined {
  if (tag === base.tag) return { verdict: "current", reason: "is the current one" };
  if (difference !== undefined) return { verdict: "not-comparable", reason: difference };
  const order = scheme.compare(value, base.value);
  if (order === 0) return { verdict: "older", reason: `is ${base.tag} written differently` };
  if (order < 0) return { verdict: "older", reason: `is older than the current ${base.tag}` };
  return scheme.refuse(value, base.value);
}

function later(tag: string, base: string, best: string): Omit<Candidate, "tag"> {
  if (tag === best) return { verdict: "chosen", reason: `is the latest that may follow ${base}` };
  return { verdict: "older", reason: `is newer than the current ${base}, but older than ${best}` };
}

function whyThis<V>(chosen: string, base: string, { refused }: Sieved, { noun, range }: Scheme<V>): string {
  const limits = range === null ? "" : ` within ${range}`;
  const filtered = refused.length > 0 ? " of those that are asked for" : "";
  return `${chosen} is the latest ${noun}${limits}${filtered} that may follow ${base}.`;
}

function whyNone<V>(
  base: Item<V>,
  judged: readonly { readonly item: Item<V>; readonly refusal: Refusal | undefined }[],
  scheme: Scheme<V>,
): string {
  const allows = ({ value }: Item<V>): boolean => scheme.refuse(value, base.value) === undefined;
  if (scheme.range !== null && !allows(base)) {
    const last = judged.find(
      ({ item, refusal }) => refusal?.verdict === "older" && allows(item) && item.tag !== base.tag,
    );
    if (last !== undefined) {
      const newest = `the latest that it allows is ${last.item.tag}`;
      return `${base.tag} is already newer than ${scheme.range} allows, and left alone: ${newest}.`;
    }
  }
  const held = judged.find(
    ({ refusal }) => refusal?.verdict === "out-of-range" || refusal?.verdict === "prerelease",
  );
  if (held?.refusal !== undefined) {
    return `Nothing newer than ${base.tag} is allowed: ${held.item.tag} ${held.refusal.reason}.`;
  }
  return `${base.tag} is the latest of its kind.`;
}

function withoutOrder<V>(
  what: string,
  items: readonly Item<V>[],
  { refused }: Sieved,
): Omit<TagChoice, "skipped" | "noun"> {
  const reason = "has no current version to compare with";
  const candidates = items
    .map(({ tag }): Candidate => ({ tag, verdict: "not-comparable", reason }))
    .sort((left, right) => (left.tag < right.tag ? -1 : 1));
  return {
    chosen: null,
    reason: `${what}, so no tag is newer than it.`,
    kind: null,
    candidates: [...candidates, ...refused],
    followers: [],
  };
}
