/** Builders for sign-off facts, so that each test names only what it is about. */

import type { Person, Review } from "../../src/model/pull.ts";
import type { Change, Opinion, SignoffFacts, TouchedApp } from "../../src/signoff/facts.ts";
import type { Approver, Need, SignoffRules } from "../../src/signoff/rule.ts";

const logins = ["ada", "grace", "linus", "mallory", "bob"];

export function person(login: string): Person {
  return { id: logins.indexOf(login) + 1 || 99, login, bot: login.endsWith("[bot]") };
}

export const robot: Person = { id: 900, login: "lockkeeper[bot]", bot: true };
export const sre: Approver = { type: "team", team: "acme/sre" };
export const platform: Approver = { type: "team", team: "acme/platform" };
export const writers: Approver = { type: "permission", atLeast: "write" };

/** One count; `needs` makes several of one. */
export function need(approvals: number, ...anyOf: Approver[]): Need {
  return [{ approvals, anyOf }];
}

/** Nothing that a target demands, or so many approvals of writers. */
export function floor(approvals: number): Need {
  return approvals === 0 ? [] : need(approvals, writers);
}

export function app(name: string, environment: string, more: Partial<TouchedApp> = {}): TouchedApp {
  return { name, environment, paths: [`apps/${name}/${environment}/web.yaml`], floor: [], ...more };
}

export function change(more: Partial<Change> = {}): Change {
  const apps = more.apps ?? [app("web", "production")];
  return {
    pull: 7,
    author: person("mallory"),
    pushers: [],
    paths: apps.flatMap((touched) => touched.paths),
    kinds: ["minor"],
    labels: [],
    size: { lines: 2, exact: true },
    apps,
    configuration: false,
    codeowners: false,
    owned: null,
    ...more,
  };
}

export function rules(more: Partial<SignoffRules> = {}): SignoffRules {
  return { owners: [platform], default: need(1, writers), rules: [], freeze: [], override: [], ...more };
}

export function approval(login: string, matches: readonly string[], more: Partial<Opinion> = {}): Opinion {
  return { person: person(login), state: "approved", saw: { type: "same" }, matches, ...more };
}

export function facts(opinions: readonly Opinion[], more: Partial<SignoffFacts> = {}): SignoffFacts {
  return { contributors: [], unattributed: [], opinions, ...more };
}

export function review(
  login: string,
  state: Review["state"],
  at: string,
  more: Partial<Review> = {},
): Review {
  return {
    id: Number(at.replaceAll(/\D/g, "")),
    author: person(login),
    state,
    submittedAt: `2026-11-22T${at}Z`,
    commitSha: "a".repeat(40),
    ...more,
  };
}
