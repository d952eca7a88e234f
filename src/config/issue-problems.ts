/** What a schema found wrong, as problems with a place in the file and a word on what would be right. */

import { z } from "zod";
import { closest } from "../text/closest.ts";
import type { Problem } from "./config.ts";
import type { SettingPath, SettingsText } from "./settings-text.ts";

type Issue = z.core.$ZodIssue;

/** One problem for each issue, and for each unknown key of one. */
export function issueProblems(
  file: string,
  settings: SettingsText,
  schema: z.ZodType,
  issues: readonly Issue[],
): readonly Problem[] {
  return issues.flatMap((issue): readonly Problem[] => {
    const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    if (issue.code !== "unrecognized_keys") {
      return [{ file, ...settings.locate(path), message: `${named(path)}${explain(issue)}` }];
    }
    return issue.keys.map((key) => ({
      file,
      ...settings.locate([...path, key], "key"),
      message: unknownKey(key, path, knownKeys(schema, path)),
    }));
  });
}

function named(path: SettingPath): string {
  const text = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}

const nouns: Readonly<Record<string, string>> = {
  boolean: "true or false",
  array: "a list",
  object: "a map of settings",
  string: "text (put it in quotes)",
  int: "a whole number",
  number: "a whole number",
};

/** Our own messages say it best; the library's are put into the words of the file. */
function explain(issue: Issue): string {
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is missing";
    const own = !issue.message.startsWith("Invalid input");
    return own ? issue.message : `must be ${nouns[issue.expected] ?? issue.expected}`;
  }
  const counted = typeof issue.input === "number";
  if (issue.code === "too_small") return counted ? `must be at least ${issue.minimum}` : "must not be empty";
  if (issue.code === "too_big") return counted ? `must be at most ${issue.maximum}` : "is too long";
  return issue.message;
}

function unknownKey(key: string, path: SettingPath, known: readonly string[]): string {
  const near = closest(key, known);
  const shown = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  const help = near === undefined ? `known are ${known.join(", ")}` : `did you mean "${near}"?`;
  return `${named(path)}unknown setting "${shown}"; ${help}`;
}

/** The keys that the schema knows at a path: read from the schema, so that there is no second list of them. */
function knownKeys(schema: z.ZodType, path: SettingPath): readonly string[] {
  let current: unknown = schema;
  for (const step of path) {
    const inner = unwrap(current);
    if (inner instanceof z.ZodObject) current = inner.shape[String(step)];
    else if (inner instanceof z.ZodArray) current = inner.element;
    else if (inner instanceof z.ZodRecord) current = inner.valueType;
    else return [];
  }
  const inner = unwrap(current);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodPipe
  ) {
    inner = inner instanceof z.ZodPipe ? checkedSide(inner) : inner.unwrap();
  }
  return inner;
}

/** Of a preprocessing the schema comes after it, of a transformation before. */
function checkedSide({ in: before, out: after }: z.ZodPipe): unknown {
  return after instanceof z.ZodTransform ? before : after;
}
