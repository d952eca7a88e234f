/** Who can give what a count lacks, for people: code owners with their names and files. */

import { approverName } from "./approver.ts";
import type { Counted } from "./counting.ts";
import type { OwnedFile } from "./facts.ts";
import type { Approver } from "./rule.ts";

const most = 3;

/** Plain text, e.g. `acme/sre`, or `code owners (ada or acme/web for apps/web/a.yaml)`. */
export function countName(approver: Approver, { unapproved }: Pick<Counted, "unapproved">): string {
  const name = approverName(approver);
  if (approver.type !== "codeowners" || unapproved.length === 0) return name;
  const groups = Map.groupBy(unapproved, ownersText);
  const shown = [...groups].slice(0, most).map(([owners, files]) => `${owners} for ${filesText(files)}`);
  const more = groups.size > most ? `, and ${groups.size - most} more` : "";
  return `${name} (${shown.join(", ")}${more})`;
}

/** `ada or acme/web`; an address is nobody whom GitHub lets us tell. */
export function ownersText({ owners, addresses }: OwnedFile): string {
  const names = owners.map(approverName);
  return [...names, ...addresses.map((address) => `${address} (not known as an account)`)].join(" or ");
}

function filesText(files: readonly OwnedFile[]): string {
  const [first] = files;
  return files.length === 1 ? (first?.path ?? "") : `${first?.path ?? ""} and ${files.length - 1} more`;
}
