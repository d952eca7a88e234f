/** One sentence that says who still has to do what: the title of the check. */

import { inertLine } from "../text/inert.ts";
import { countName } from "./count-name.ts";
import type { Counted } from "./counting.ts";
import { discountText } from "./discount-text.ts";
import type { Discounted, Judged, Verdict } from "./evaluate.ts";
import { frozenSentence } from "./freeze-text.ts";
import { type Way, waysOf } from "./ways.ts";

/** GitHub shows about this much of a check's title. */
const limit = 250;

/** E.g. "Waiting for 1 of acme/sre. grace counts; ada does not: pushed a1b2c3d." */
export function verdictTitle(verdict: Verdict): string {
  return inertLine(sentence(verdict), limit);
}

function sentence(verdict: Verdict): string {
  const { override } = verdict;
  if (override !== undefined) return `Overridden by ${override.login}: ${override.why}`;
  const [commit] = verdict.unattributed;
  if (commit !== undefined)
    return `Commit ${commit.slice(0, 7)} belongs to no GitHub account, so nobody can be told from its author.`;
  if (verdict.objections.length > 0)
    return `${names(verdict.objections)} ${verdict.objections.length === 1 ? "has" : "have"} requested changes.`;
  if (verdict.judged.length === 0) return "Nothing to sign off: no app and no configuration is touched.";
  const frozen = frozenSentence(verdict.freezes);
  const ways = waysOf(verdict.judged);
  const wanted = ways.length === 0 ? null : `Waiting for ${list(wants(ways))}.${standing(verdict)}`;
  if (frozen !== null || wanted !== null) return [frozen, wanted].filter((part) => part !== null).join(" ");
  const signers = signersOf(verdict);
  return signers.length === 0 ? "No approval is demanded." : `Signed off by ${names(signers)}.`;
}

/** "1 of acme/sre": each want once, though several rules may have it; where there are two ways, both. */
function wants(ways: readonly Way[]): readonly string[] {
  const texts = ways.map(({ either }) => {
    const sides = either.map((side) => list(distinct(side.flatMap(wantsOf))));
    return distinct(sides).join(", or else ");
  });
  return distinct(texts);
}

function wantsOf({ counts }: Judged): readonly string[] {
  return counts.filter(({ lacks }) => lacks > 0).map(wantOf);
}

function wantOf(counted: Counted): string {
  if (counted.from.length === 0) return `${counted.lacks} more than all who are asked`;
  return `${counted.lacks} of ${counted.from.map((approver) => countName(approver, counted)).join(" or ")}`;
}

function standing(verdict: Verdict): string {
  const signers = signersOf(verdict);
  const parts = [
    ...(signers.length === 0 ? [] : [`${names(signers)} ${signers.length === 1 ? "counts" : "count"}`]),
    ...verdict.discounted.map(discountedText),
  ];
  return parts.length === 0 ? "" : ` ${parts.join("; ")}.`;
}

function discountedText({ person, discount }: Discounted): string {
  return `${person.login} does not: ${discountText(discount)}`;
}

function signersOf(verdict: Verdict): readonly { readonly login: string }[] {
  const all = [
    ...verdict.judged.flatMap(({ has }) => has),
    ...verdict.freezes.flatMap(({ byPeople }) => byPeople),
  ];
  return [...new Map(all.map((person) => [person.id, person])).values()];
}

function names(people: readonly { readonly login: string }[]): string {
  return list(people.map(({ login }) => login));
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1) ?? ""}`;
}
