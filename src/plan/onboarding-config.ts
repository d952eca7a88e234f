/** The text of the configuration that a repository without one is offered: each line says what it does. */

import { inertLine } from "../text/inert.ts";
import type { AppsEntry } from "./onboarding-entries.ts";
import { pathOf } from "./onboarding-entries.ts";
import { defaultName, namesFor } from "./onboarding-names.ts";
import { captures, isCapture } from "./onboarding-patterns.ts";

/** Entries for apps, and those for what several of them build on, which are written as comments. */
export interface ConfigParts {
  readonly apps: readonly AppsEntry[];
  readonly shared: readonly AppsEntry[];
}

/** Where no folder says which one it is. */
const oneEnvironment = "default";
const sharedEnvironment = "shared";

/** The same for the same entries. */
export function configText({ apps, shared }: ConfigParts): string {
  const names = namesFor([...apps, ...shared]);
  const offered = shared.flatMap((entry) => entryLines(entry, names.get(entry), sharedEnvironment));
  return [
    header,
    "apps:",
    ...apps.flatMap((entry) => entryLines(entry, names.get(entry), oneEnvironment)),
    ...(shared.length === 0 ? [] : [sharedNote, ...offered.map((line) => `#${line}`)]),
    defaults,
  ].join("\n");
}

function entryLines(
  { form, matched }: AppsEntry,
  name: string | undefined,
  otherwise: string,
): readonly string[] {
  const { parts, environment } = form;
  const path = pathOf(parts);
  const isNamed = name === undefined || name === defaultName(form);
  const values = matched.map((names) => names[environment ?? -1] ?? "");
  const place = environment === null ? otherwise : (parts[environment] ?? otherwise);
  return [
    parts.some(isCapture)
      ? `  - match: ${quoted(path)} # every folder of this form is an app, those to come as well`
      : `  - path: ${quoted(path)} # this folder, with all below it, is an app`,
    ...(isNamed ? [] : [`    name: ${quoted(name)} # what it is called`]),
    `    environment: ${quoted(place)} # ${environmentNote(place, values)}`,
    "    mode: propose # opens pull requests; observe: only the dashboard; apply: also applies what was merged",
  ];
}

function environmentNote(place: string, values: readonly string[]): string {
  if (place === oneEnvironment) return "no folder tells environments apart, so that all counts as one";
  if (place !== captures.environment) return "rules of images and of sign-off can name it";
  const known = [...new Set(values)].toSorted();
  const shown = known.slice(0, 6).map((value) => inertLine(value, 40));
  const more = known.length > shown.length ? ` and ${known.length - shown.length} more` : "";
  return `${shown.join(", ")}${more}; rules of images and of sign-off can name them`;
}

/** Double-quoted YAML takes what JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

const header = `# What Lockkeeper does in this repository. Read from the default branch only; made from the folders in which images were found.
# \`npx lockkeeper validate\` checks it.
`;

const sharedNote = `  # Images also stand in folders that others build on: a new one reaches all of these at once. To follow them too, take the # away:`;

const defaults = `
# What an image may become. Without an entry: the latest version of the same form, never down; a tag without an order stays.
# The first entry that matches is taken.
#images:
#  - match: "**" # which images; "ghcr.io/acme/*" are those of one owner
#    policy: { semver: ">=0.0.0" } # "^1" stays within a major version; others: calver, numerical, alphabetical, digest
#    tags: { prerelease: false, minimumAge: 3d } # a tag waits until it is so old; without it, none waits

# How pull requests are opened: these are the defaults.
#pulls:
#  group: image # what shares a pull request: an image of an environment; or app, environment
#  limit: 10 # so many are open at once
#  labels: [lockkeeper] # put on each

# Who has to approve a change before the check lockkeeper/signoff passes; a ruleset that requires the check makes it hold.
signoff:
  owners: [admin] # who approves changes of this file: administrators, or [team:ORGANISATION/SLUG, user:LOGIN]
  default: { approvals: 1, anyOf: [write] } # of any app: one approval of somebody who can write
`;
