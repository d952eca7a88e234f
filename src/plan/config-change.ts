/** What a change of the configuration would change, and for whom. */

import { appsOf } from "../config/apps.ts";
import type { Config } from "../config/config.ts";
import type { App } from "../model/app.ts";
import type { ChangeKind } from "../model/update.ts";
import { type Demand, demandsOf } from "../signoff/demand.ts";
import { policyText } from "../tags/policy-text.ts";
import type { ImagePolicy } from "../tags/policy.ts";
import { policyFor } from "./image-rule.ts";
import { needsText } from "./need-text.ts";
import type { ImagePlace } from "./unit.ts";

/** A configuration with the paths of all files of its commit; null where there is none that is understood. */
export interface Configured {
  readonly config: Config | null;
  readonly paths: readonly string[];
}

/** Something that is one way and would be another; null on the side on which it is not there. */
export interface Difference {
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The sides of `approvals` are Markdown, all others plain text. */
export interface ConfigChange {
  readonly apps: readonly Difference[];
  /** By image and environment: which versions are taken. */
  readonly images: readonly Difference[];
  /** By app and kinds of change: whose approvals are needed. */
  readonly approvals: readonly Difference[];
  readonly settings: readonly Difference[];
}

/** `places` are the images of the default branch. */
export function configChange(
  before: Configured,
  after: Configured,
  places: readonly ImagePlace[],
): ConfigChange {
  return {
    apps: differences(apps(before), apps(after)),
    images: differences(policies(before, places), policies(after, places)),
    approvals: joined(differences(approvals(before), approvals(after))),
    settings: differences(settings(before), settings(after)),
  };
}

type Texts = ReadonlyMap<string, string>;

function differences(before: Texts, after: Texts): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what) => {
    const [old, next] = [before.get(what) ?? null, after.get(what) ?? null];
    return old === next ? [] : [{ what, before: old, after: next }];
  });
}

function appList({ config, paths }: Configured): readonly App[] {
  return config === null ? [] : appsOf(config, paths);
}

function apps(configured: Configured): Texts {
  return new Map(appList(configured).map((app) => [app.path, appText(app)]));
}

function appText(app: App): string {
  const { name, environment, namespace, mode, prune, drift, waitSeconds, helm } = app;
  const rollback = app.rollback === "auto" ? ", rollback auto" : "";
  const where = namespace === undefined ? environment : `${environment}, namespace ${namespace}`;
  return `${name} (${where}): ${mode}${prune ? ", prune" : ""}, drift ${drift}, wait ${waitSeconds}s${rollback}${helmText(helm)}`;
}

function helmText(helm: App["helm"]): string {
  if (helm === undefined) return "";
  const values = helm.values.length > 0 ? ` with ${helm.values.join(", ")}` : "";
  return `, chart${helm.release === undefined ? "" : ` as ${helm.release}`}${values}`;
}

function policies({ config }: Configured, places: readonly ImagePlace[]): Texts {
  if (config === null) return new Map();
  return new Map(
    places.map(({ image, app, occurrence: { statement, edits } }) => {
      const followed = policyFor(config.images, { image, statement, edits }, app.environment);
      return [`${image.name} in ${app.environment}`, followed.refusal ?? choiceText(followed.policy)];
    }),
  );
}

function choiceText({ policy, tags }: ImagePolicy): string {
  const { pattern, extract, ignore, prerelease, minimumAgeSeconds, platforms } = tags;
  return [
    policyText(policy),
    ...(pattern === null ? [] : [`pattern ${pattern}`]),
    ...(extract === null ? [] : [`extract ${extract}`]),
    ...(ignore.length === 0 ? [] : [`ignore ${ignore.join(" ")}`]),
    ...(prerelease ? ["prereleases"] : []),
    ...(minimumAgeSeconds === null ? [] : [`at least ${minimumAgeSeconds / 3600} hours old`]),
    ...(platforms === null ? [] : [`platforms ${platforms.join(" ")}`]),
  ].join(", ");
}

const kinds: readonly ChangeKind[] = ["major", "minor", "patch", "tag", "digest", "other"];

/** Of each app for each kind of change by somebody whom no rule names. */
function approvals(configured: Configured): Texts {
  const { config } = configured;
  if (config === null) return new Map();
  return new Map(
    appList(configured).flatMap((app) =>
      kinds.map((kind) => [JSON.stringify([app.name, kind]), needsText(demands(config, app, kind))] as const),
    ),
  );
}

function demands(config: Config, { name, environment, path }: App, kind: ChangeKind): readonly Demand[] {
  const paths = [`${path}/file`];
  return demandsOf(config.signoff, {
    pull: 0,
    author: { id: 0, login: "somebody", bot: false },
    pushers: [],
    paths,
    kinds: [kind],
    labels: [],
    size: { lines: 2, exact: true },
    apps: [{ name, environment, paths, floor: [] }],
    configuration: false,
    codeowners: false,
    owned: null,
  });
}

/** One row for all kinds of an app's changes that have the same before and after. */
function joined(found: readonly Difference[]): readonly Difference[] {
  const rows = new Map<string, { readonly app: string; readonly some: string[]; readonly row: Difference }>();
  for (const row of found) {
    const [app = "", kind = ""] = JSON.parse(row.what) as string[];
    const key = JSON.stringify([app, row.before, row.after]);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, { app, some: [kind], row });
    else known.some.push(kind);
  }
  return [...rows.values()].map(({ app, some, row }) => {
    const which = some.length === kinds.length ? "every change" : some.join(", ");
    return { ...row, what: `${app}: ${which}` };
  });
}

function settings({ config }: Configured): Texts {
  if (config === null) return new Map();
  const all = {
    ...config.pulls,
    automerge: Object.fromEntries(config.pulls.automerge),
    environments: Object.fromEntries(config.environments),
    owners: config.signoff.owners,
    freeze: config.signoff.freeze,
    override: config.signoff.override,
  };
  return new Map(Object.entries(all).map(([key, value]) => [key, JSON.stringify(value)]));
}
