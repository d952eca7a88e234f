/** The verdict as plain text: each gate and how it stands, each approval that does not count, and what is to be done next. */

import { inertLine } from "../text/inert.ts";
import { approverName } from "./approver.ts";
import { countName } from "./count-name.ts";
import { discountText } from "./discount-text.ts";
import type { Judged, Verdict } from "./evaluate.ts";
import { endText } from "./freeze-text.ts";
import { verdictTitle } from "./title.ts";
import { waysOf } from "./ways.ts";

/** Something that has to be open before the pull request may be merged. */
export interface Gate {
  readonly gate: string;
  readonly state: "open" | "waiting" | "not-needed";
  /** What it asks for, in words. */
  readonly needs: string;
  /** Logins of those whose approvals count for it. */
  readonly has: readonly string[];
}

/** The tree that `why` and the status command print. All texts are one line each, and inert as plain text. */
export interface VerdictTree {
  readonly satisfied: boolean;
  readonly title: string;
  readonly gates: readonly Gate[];
  readonly people: readonly { readonly login: string; readonly why: string }[];
  /** What somebody can do now; empty where nothing is left but to merge. */
  readonly next: readonly string[];
}

export function verdictTree(verdict: Verdict): VerdictTree {
  const frozen = verdict.freezes.map(({ freeze, blocks }): Gate => {
    const gate = inertLine(`freeze ${freeze.name}`);
    return { gate, state: blocks ? "waiting" : "open", needs: `until ${endText(freeze)}`, has: [] };
  });
  const discounted = verdict.discounted.map(({ person, discount }) => {
    return { login: person.login, why: inertLine(discountText(discount), 500) };
  });
  const objecting = verdict.objections.map(({ login }) => ({ login, why: "has requested changes" }));
  return {
    satisfied: verdict.satisfied,
    title: verdictTitle(verdict),
    gates: [...frozen, ...verdict.judged.map(gateOf)],
    people: [...objecting, ...discounted],
    next: nextSteps(verdict),
  };
}

function gateOf({ demand, state, counts, has }: Judged): Gate {
  const needs = counts.map(
    ({ count }) => `${count.approvals} of ${count.anyOf.map(approverName).join(", ")}`,
  );
  return {
    gate: inertLine(demand.source === "rule" ? `rule ${demand.name}` : demand.name),
    state: state === "met" ? "open" : state === "waiting" ? "waiting" : "not-needed",
    needs: inertLine(needs.join("; and ")),
    has: has.map(({ login }) => login),
  };
}

function nextSteps(verdict: Verdict): readonly string[] {
  const commits = verdict.unattributed.map(
    (sha) => `make ${sha.slice(0, 7)} again with an address of a GitHub account`,
  );
  const objections = verdict.objections.map(
    ({ login }) => `${login}: approve, or have the request for changes dismissed`,
  );
  const ways = waysOf(verdict.judged).map(({ either }) =>
    either.map((side) => side.flatMap(wanted).join(" and ")).join(", or else "),
  );
  const approvals = [...new Set(ways)].map((way) => `approve the change as it is now: ${way}`);
  const freezes = verdict.freezes
    .filter(({ blocks }) => blocks)
    .map(({ freeze }) => {
      const except = freeze.except.map(approverName).join(", ");
      return `wait until ${endText(freeze)}${except === "" ? "" : `, or have it approved by ${except}`}`;
    });
  return [...commits, ...objections, ...approvals, ...freezes].map((step) => inertLine(step, 500));
}

function wanted({ counts }: Judged): readonly string[] {
  return counts
    .filter(({ lacks }) => lacks > 0)
    .map((counted) => {
      const from = counted.from.map((approver) => countName(approver, counted)).join(" or ");
      return `${counted.lacks} of ${from === "" ? "people who are not left: the rule asks for too many" : from}`;
    });
}

/** Lines without line ends, two spaces deeper for each level. */
export function treeLines({ title, gates, people, next }: VerdictTree): readonly string[] {
  const width = Math.max(0, ...gates.map(({ state }) => state.length));
  return [
    title,
    ...gates.map(({ gate, state, needs, has }) => {
      const who = has.length === 0 ? "" : `; has ${has.join(", ")}`;
      return `  ${state.padEnd(width)}  ${gate}: ${needs}${who}`;
    }),
    ...people.map(({ login, why }) => `  ${login} does not count: ${why}`),
    ...next.map((step) => `  next: ${step}`),
  ];
}
