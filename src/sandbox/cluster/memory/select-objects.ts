/** Label and field selectors of lists and watches. */

import type { Stored, Tree } from "./json-tree.ts";
import { type Refusal, badRequest } from "./refusal.ts";

export type Matcher = (object: Stored) => boolean;

/** Both selectors as one test; what cannot be understood is refused, not ignored. */
export function parseSelectors(labelSelector: string, fieldSelector: string): Matcher | Refusal {
  const labels: Matcher[] = [];
  for (const term of splitTerms(labelSelector)) {
    const matcher = labelTerm(term);
    if (matcher === null) return badRequest(`unable to parse requirement: ${JSON.stringify(term)}`);
    labels.push(matcher);
  }
  const fields = splitTerms(fieldSelector).map(fieldTerm);
  if (fields.includes(null)) return badRequest(`field label not supported: ${fieldSelector}`);
  const all = [...labels, ...(fields as Matcher[])];
  return (object) => all.every((matches) => matches(object));
}

/** At commas, but not at those within parentheses. */
function splitTerms(selector: string): string[] {
  return (selector.match(/(?:[^,(]|\([^)]*\))+/g) ?? [])
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

const labelPattern =
  /^(!?)([A-Za-z0-9._/-]+)\s*(?:(==?|!=)\s*([A-Za-z0-9._-]*)|\s(in|notin)\s*\(([^)]*)\))?$/;

function labelTerm(term: string): Matcher | null {
  const found = labelPattern.exec(term);
  if (found === null) return null;
  const [, not, key = "", operator, value, set, list = ""] = found;
  const valueOf = (object: Stored) => object.metadata.labels?.[key];
  if (set !== undefined) {
    const wanted = new Set(list.split(",").map((item) => item.trim()));
    return (object) => wanted.has(valueOf(object) ?? "\0") === (set === "in");
  }
  if (operator !== undefined) return (object) => (valueOf(object) === value) === (operator !== "!=");
  return (object) => (valueOf(object) !== undefined) === (not === "");
}

const fieldPattern = /^(metadata\.(?:name|namespace)|status\.phase|spec\.nodeName|type)(==?|!=)(.*)$/;

function fieldTerm(term: string): Matcher | null {
  const found = fieldPattern.exec(term);
  if (found === null) return null;
  const [, path = "", operator, value] = found;
  const read = (object: Stored) =>
    path.split(".").reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], object) ?? "";
  return (object) => (read(object) === value) === (operator !== "!=");
}
