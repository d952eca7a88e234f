/** Narrows tags by pattern and ignore list, and extracts what a policy reads of them, with the meaning that Flux gives them. */

import { type Matcher, RE2JS } from "re2js";
import { type Result, fail, ok } from "../model/failure.ts";
import type { TagSettings } from "./policy.ts";
import type { Candidate, TagQuestion } from "./tag-choice.ts";

/** Longer patterns are refused: nobody means them. */
const longestPattern = 500;

/** In instructions: the time that a tag takes grows with them, and repetitions multiply them. */
const largestProgram = 1000;

/** A tag that is left, with the text that the policy reads. */
export interface Named {
  readonly tag: string;
  readonly text: string;
}

export interface Sieved {
  readonly named: readonly Named[];
  /** Null where the reference has no tag. */
  readonly current: { readonly tag: string; readonly text: string | null } | null;
  readonly refused: readonly Candidate[];
  /** As in the settings. */
  readonly fromAny: boolean;
  /** Signatures and the like, which are no images. */
  readonly skipped: number;
}

/** Where cosign keeps signatures, attestations and bills of material: beside the images, under their digests. */
const attachment = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/;

/** A pattern in RE2's syntax, matched in linear time; `malformed` says where it is wrong. */
export function compilePattern(pattern: string): Result<RE2JS> {
  if (pattern.length > longestPattern) {
    return fail("malformed", `a pattern has at most ${longestPattern} characters`);
  }
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.programSize() <= largestProgram) return ok(compiled);
    return fail("malformed", `${JSON.stringify(pattern)} repeats too much: it would be slow on every tag`);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    return fail("malformed", `${JSON.stringify(pattern)} is not a pattern of RE2: ${why}`);
  }
}

/** The groups that a template names and a pattern does not have: each would stand for nothing in every tag. */
export function unknownGroups(pattern: RE2JS, template: string): readonly string[] {
  const named = pattern.namedGroups();
  return [...template.matchAll(reference)].flatMap((found) => {
    const name = found[1] ?? found[2];
    if (name === undefined || name in named) return [];
    return isIndex(name) && Number(name) <= pattern.groupCount() ? [] : [name];
  });
}

/** Splits the tags of a question; `malformed` only for a pattern. */
export function sieve({ current, tags }: TagQuestion, settings: TagSettings): Result<Sieved> {
  const pattern = settings.pattern === null ? ok(null) : compilePattern(settings.pattern);
  if (!pattern.ok) return pattern;
  const ignored = ignoredTags(settings);
  if (!ignored.ok) return ignored;
  const read = (tag: string): string | null => textOf(tag, pattern.value, settings.extract);
  const images = [...new Set(tags)].filter((tag) => !attachment.test(tag));
  const named: Named[] = [];
  const refused: Candidate[] = [];
  for (const tag of images) {
    const text = read(tag);
    if (text === null)
      refused.push({ tag, verdict: "filtered", reason: `does not match ${settings.pattern}` });
    else if (tag !== current && ignored.value(tag)) {
      refused.push({ tag, verdict: "ignored", reason: "is one of those to ignore" });
    } else named.push({ tag, text });
  }
  return ok({
    named,
    current: current === null ? null : { tag: current, text: read(current) },
    refused: refused.sort((left, right) => (left.tag < right.tag ? -1 : 1)),
    skipped: new Set(tags).size - images.length,
    fromAny: settings.fromAny === true,
  });
}

function ignoredTags({ ignore, exclude = [] }: TagSettings): Result<(tag: string) => boolean> {
  const globs = globPattern(ignore);
  const patterns: RE2JS[] = [];
  for (const source of exclude) {
    const compiled = compilePattern(source);
    if (!compiled.ok) return compiled;
    patterns.push(compiled.value);
  }
  return ok((tag) => globs?.matches(tag) === true || patterns.some((pattern) => pattern.matcher(tag).find()));
}

/** Tags have no folders, so a star is any characters. Null where nothing is to be ignored. */
function globPattern(globs: readonly string[]): RE2JS | null {
  if (globs.length === 0) return null;
  const sources = globs.map((glob) =>
    glob.replaceAll(/\*|\?|[^*?]+/g, (part) =>
      part === "*" ? ".*" : part === "?" ? "." : RE2JS.quote(part),
    ),
  );
  return RE2JS.compile(sources.map((source) => `(?:${source})`).join("|"));
}

/** Null where the pattern does not match. */
function textOf(tag: string, pattern: RE2JS | null, template: string | null): string | null {
  if (pattern === null) return tag;
  const matcher = pattern.matcher(tag);
  if (!matcher.find()) return null;
  return template === null || template === "" ? tag : expand(template, matcher, pattern);
}

/** Names are as long as they can be: `$1x` is a group named `1x`. */
const reference = /\$(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+)|(\$))/gu;

/** As Go's `Expand`, https://pkg.go.dev/regexp#Regexp.Expand: an unknown group stands for nothing, `$$` for a dollar. */
function expand(template: string, matcher: Matcher, pattern: RE2JS): string {
  const named = pattern.namedGroups();
  return template.replaceAll(reference, (_, braced?: string, bare?: string, dollar?: string) => {
    if (dollar !== undefined) return "$";
    const name = braced ?? bare ?? "";
    if (name in named) return matcher.group(name) ?? "";
    const known = isIndex(name) && Number(name) <= pattern.groupCount();
    return known ? (matcher.group(Number(name)) ?? "") : "";
  });
}

function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d{0,8})$/.test(name);
}
