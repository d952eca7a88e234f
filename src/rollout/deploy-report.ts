/** What people read about a deployment: the one comment on a merged pull request, and the line of the deployment's status. */

import { inertLine, inertSpan } from "../text/inert.ts";
import { fitBlocks, table } from "../text/markdown.ts";
import { makeMarker } from "../text/marker.ts";
import { type LandedPull, type Pending, newestChange } from "./inventory.ts";

/** `queued`: other apps come first. `waiting`: applied, not healthy yet. `refused`: nothing was written. `left`: it is not an app of ours any more. */
export type Outcome =
  | "queued"
  | "waiting"
  | "healthy"
  | "unhealthy"
  | "failed"
  | "refused"
  | "paused"
  | "left";

export interface DeployResult {
  readonly app: string;
  readonly name: string;
  readonly environment: string;
  readonly outcome: Outcome;
  readonly pending: Pending;
  /** One sentence each: what is wrong, not ready, or was left alone and why. */
  readonly notes: readonly string[];
  /** From which commit on the landings of the repository have to be proven; kept for a cluster that loses its records. */
  readonly baseline?: string | null;
}

const headline: Readonly<Record<Outcome, string>> = {
  queued: "waits",
  waiting: "is being applied",
  healthy: "runs",
  unhealthy: "was applied, but is not healthy",
  failed: "could not be applied completely",
  refused: "was not applied",
  paused: "waits",
  left: "is left as it is",
};

/** At most 140 characters: GitHub refuses more for a deployment status. */
export function statusLine(result: DeployResult): string {
  const [note] = result.notes;
  const told = result.outcome === "healthy" || note === undefined ? "" : `: ${note}`;
  return inertLine(`${result.name} ${headline[result.outcome]}${told}`, 140);
}

/** The comment for one of the pull requests that a deployment brings; the same result gives the same text. */
export function deployComment(result: DeployResult, pull: LandedPull): string {
  const { pending, notes } = result;
  const rows = Object.entries(pending.results)
    .filter(([, { action }]) => action !== "unchanged")
    .map(([object, { action, reason }]) => [
      inertSpan(object),
      reason === undefined ? action : `${action}: ${inertSpan(reason, 300)}`,
    ]);
  const unchanged = Object.keys(pending.results).length - rows.length;
  return fitBlocks(
    [
      `**${inertSpan(result.name)}** ${headline[result.outcome]} at ${inertSpan(pending.sha.slice(0, 7))} in ${inertSpan(result.environment)}.`,
      ...(rows.length > 0 ? [table(["object", "result"], rows)] : []),
      ...(unchanged > 0 ? [`${unchanged} ${unchanged === 1 ? "object" : "objects"} unchanged.`] : []),
      ...(notes.length > 0 ? [notes.map((note) => `- ${inertSpan(note, 500)}`).join("\n")] : []),
      ...superseded(pending, pull),
      ...timing(pending, pull),
    ],
    makeMarker("deploy", { app: result.app, sha: pull.sha }),
  );
}

/** The newest landing wins: what came before it went with it, and was never in the cluster by itself. */
function superseded(pending: Pending, pull: LandedPull): readonly string[] {
  const newest = newestChange(pending) ?? pull.sha;
  if (pull.sha === newest) return [];
  const number = pending.pulls.find(({ sha }) => sha === newest)?.number;
  const by = number === undefined ? "" : ` (#${number})`;
  return [
    `${inertSpan(pull.sha.slice(0, 7))} of this pull request was superseded by ${inertSpan(newest.slice(0, 7))}${by}, which landed after it.`,
  ];
}

function timing(pending: Pending, pull: LandedPull): readonly string[] {
  if (pull.mergedAt === null) return [];
  const first = seconds(pull.mergedAt, pending.firstAppliedAt);
  const healthy = seconds(pull.mergedAt, pending.healthyAt);
  const parts = [
    ...(first === null ? [] : [`first object applied ${first}`]),
    ...(healthy === null ? [] : [`healthy ${healthy}`]),
  ];
  return parts.length === 0 ? [] : [`${capital(parts.join(", "))} after the merge.`];
}

/** GitHub tells the time of a merge in whole seconds. */
function seconds(from: string, to: string | null): string | null {
  if (to === null) return null;
  return `${Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
