/** One row of a table of verdicts: the rules as a configuration writes them, a pull request, and the title of its check. */

import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse-config.ts";
import type { ChangeKind } from "../../src/model/update.ts";
import { codeownersPaths, ownersOf, parseCodeowners } from "../../src/signoff/codeowners.ts";
import { configPath } from "../../src/config/config.ts";
import { asksCodeowners, demandsOf } from "../../src/signoff/demand.ts";
import { type Verdict, evaluate } from "../../src/signoff/evaluate.ts";
import type { Change, Contributor, Opinion, Size } from "../../src/signoff/facts.ts";
import { freezesOf } from "../../src/signoff/freeze.ts";
import type { Need, SignoffRules } from "../../src/signoff/rule.ts";
import { verdictTitle } from "../../src/signoff/title.ts";
import { app, approval, person } from "./people.ts";

/** What everybody is, whoever is asked. */
const memberships: Readonly<Record<string, readonly string[]>> = {
  ada: ["user:ada", "org:acme", "team:acme/platform", "write", "maintain"],
  grace: ["user:grace", "org:acme", "team:acme/sre", "write"],
  linus: ["user:linus", "org:acme", "team:acme/sre", "team:acme/security", "write"],
  bob: ["user:bob", "org:acme", "team:acme/oncall", "team:acme/incident", "write"],
  mallory: ["user:mallory", "write"],
  reader: ["user:reader", "org:acme", "team:acme/sre"],
};

/** An approval, or what else somebody said, of the change as it is now unless it is told otherwise. */
export function by(login: string, more: Partial<Opinion> = {}): Opinion {
  return approval(login, memberships[login] ?? [], more);
}

export const stale = (login: string): Opinion => by(login, { saw: { type: "other", sha: "c0ffee1234" } });
export const unproven = (login: string, why: string): Opinion =>
  by(login, { saw: { type: "unproven", why } });
export const objects = (login: string): Opinion => by(login, { state: "changes-requested" });

export function hand(login: string, part: Contributor["part"], sha = "a1b2c3d4e5"): Contributor {
  return { id: person(login).id, login, part, sha };
}

export interface Pull {
  /** `name environment`; each has one changed file in its folder unless `paths` says otherwise. */
  readonly apps?: readonly string[];
  /** Changed beside those of the apps. */
  readonly paths?: readonly string[];
  readonly kinds?: readonly ChangeKind[];
  readonly labels?: readonly string[];
  readonly size?: Size;
  readonly author?: string;
  readonly pushers?: readonly string[] | null;
  readonly reviews?: readonly Opinion[];
  readonly hands?: readonly Contributor[];
  readonly unattributed?: readonly string[];
  readonly codeowners?: string;
  readonly floor?: Need;
  readonly now?: string;
}

export type Row = readonly [name: string, signoff: string, pull: Pull, title: string];

export function rulesOf(signoff: string): SignoffRules {
  const parsed = parseConfig(`signoff: ${signoff}`, "lockkeeper.yml");
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.value.signoff;
}

function changeOf(rules: SignoffRules, pull: Pull): Change {
  const apps = (pull.apps ?? ["web production"]).map((text) => {
    const [name = "", environment = ""] = text.split(" ");
    return app(name, environment, { floor: pull.floor ?? [] });
  });
  const paths = [...apps.flatMap((one) => one.paths), ...(pull.paths ?? [])];
  const asked = asksCodeowners(rules);
  return {
    pull: 7,
    author: person(pull.author ?? "mallory"),
    pushers: pull.pushers === undefined ? [] : pull.pushers,
    paths,
    kinds: pull.kinds ?? ["minor"],
    labels: pull.labels ?? [],
    size: pull.size ?? { lines: 2, exact: true },
    apps,
    configuration: paths.includes(configPath),
    codeowners: asked && codeownersPaths.some((path) => paths.includes(path)),
    owned: asked ? ownersOf(parseCodeowners(pull.codeowners ?? ""), paths) : null,
  };
}

export function verdictOf(signoff: string, pull: Pull): Verdict {
  const rules = rulesOf(signoff);
  const change = changeOf(rules, pull);
  const { hands = [], unattributed = [], reviews = [] } = pull;
  const ahead = freezesOf(rules.freeze, change, new Date(pull.now ?? "2026-12-01T12:00:00Z"));
  return evaluate(
    change,
    demandsOf(rules, change),
    { contributors: hands, unattributed, opinions: reviews },
    ahead,
  );
}

/** Each row is satisfied exactly where its title says so. */
export function table(rows: readonly Row[]): void {
  test.each(rows)("%s", (_, signoff, pull, title) => {
    const verdict = verdictOf(signoff, pull);
    expect(verdictTitle(verdict)).toBe(title);
    expect(verdict.satisfied).toBe(
      /^(?:Signed off by|Nothing to sign off|No approval is demanded)/.test(title),
    );
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });
}

const one = "{ approvals: 1, anyOf: [team:acme/sre] }";

/** Rules by which one of the team signs everything in production. */
export const bySre = `{ owners: [team:acme/platform], rules: [{ name: production, when: { environment: production }, need: ${one} }] }`;
