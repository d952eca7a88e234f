/** Ends drift: reports it in the app's one issue, or applies Git again, where the app or a person asks for that. */

import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { type Finding, findingsOf } from "../../rollout/drift-findings.ts";
import type { Hiding } from "../../rollout/drift-record.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { pauseText } from "../../rollout/pause.ts";
import { openIssue } from "../deploy/app-issue.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { adoptDrift } from "./drift-adopt.ts";
import { type Found, type Look, findDrift, suspects } from "./drift-find.ts";
import { type Healing, healDrift } from "./drift-heal.ts";
import { hideAsked, hidingNow } from "./drift-hide.ts";
import { findExtras } from "./drift-extras.ts";
import type { DriftInput } from "./drift-input.ts";
import { sortOf } from "./drift-issue.ts";
import { withLines } from "./drift-lines.ts";
import { ownersOfFiles } from "./drift-owners.ts";
import { type DriftCommand, type DriftRequest, answerRequest, openRequests } from "./drift-requests.ts";
import { tellDrift } from "./drift-tell.ts";

/** Without drift: closes what is open. Costs one request to GitHub per app and process, then none. */
export async function noDrift(
  world: DeployWorld,
  forge: RepositoryForge,
  inventory: Inventory | undefined,
): Promise<Result<void>> {
  if (inventory === undefined) return ok(undefined);
  const asked = await askedFor(world, forge, inventory.app);
  if (!asked.ok) return asked;
  for (const request of asked.value) {
    const answered =
      request.command === "adopt"
        ? await answerRequest(forge, request, "confused", [
            "The cluster is as Git says: nothing is to be adopted.",
          ])
        : await answerRequest(forge, request, "+1");
    if (!answered.ok) return answered;
  }
  const subject = { name: inventory.name, sha: inventory.applied ?? "", webUrl: null };
  const nothing = { findings: [], hidden: [], hiding: null, healed: [], givenUp: [], more: 0, urgent: false };
  return tellDrift(world, { forge, inventory, subject, owners: () => Promise.resolve([]) }, nothing);
}

/** Explains every suspect, heals what is to be healed, and reports the rest. */
export async function settleDrift(
  world: DeployWorld,
  inventory: Inventory,
  input: DriftInput,
): Promise<Result<void>> {
  const { forge, plan, as } = input;
  const found = await findDrift(world, inventory.app, { plan, suspects: suspects(world, inventory), as });
  if (!found.ok) return found;
  const asked = await askedFor(world, forge, inventory.app);
  if (!asked.ok) return asked;
  const of = (command: DriftCommand) => asked.value.filter((request) => request.command === command);
  const extras = input.app.extras === true ? await findExtras(world, inventory) : ok([]);
  if (!extras.ok) return extras;
  const beside = findingsOf(extras.value);
  const all = [...found.value.found.flatMap(findingsIn), ...beside];
  const hidden = await hideAsked(world, { forge, findings: all }, of("ignore"));
  if (!hidden.ok) return hidden;
  const hiding = hidden.value.hiding ?? hidingNow(world, inventory);
  const isHidden = ({ key }: Finding): boolean => hiding?.keys.includes(key) === true;
  const toAdopt = { ...input, asked: of("adopt"), isHidden: (one: Found) => findingsIn(one).every(isHidden) };
  const adopted = await adoptDrift(world, inventory, toAdopt, found.value.found);
  if (!adopted.ok) return adopted;
  const healing = await healDrift(
    world,
    inventory,
    { ...input, asked: of("heal"), isHidden, findingsOf: findingsIn },
    found.value.found,
  );
  if (!healing.ok) return healing;
  const { asked: hiders } = hidden.value;
  const settled = {
    ...found.value,
    beside,
    healing: healing.value,
    hiding,
    isHidden,
    urgent: hiders.length > 0,
  };
  const told = await report(world, inventory, input, settled);
  if (!told.ok) return told;
  for (const request of hiders) {
    const answered = await answerRequest(forge, request, "+1");
    if (!answered.ok) return answered;
  }
  return ok(undefined);
}

interface Outcome extends Look {
  /** What stands beside the app. */
  readonly beside: readonly Finding[];
  readonly healing: Healing;
  readonly hiding: Hiding | null;
  readonly isHidden: (finding: Finding) => boolean;
  /** Somebody waits for what is written. */
  readonly urgent: boolean;
}

async function report(
  world: DeployWorld,
  inventory: Inventory,
  { app, forge, snapshot, webUrl, pause }: DriftInput,
  { found, more, beside, healing, hiding, isHidden, urgent }: Outcome,
): Promise<Result<void>> {
  const isHealed = ({ planned }: Found): boolean => healing.healed.has(planned.text);
  const left = found.filter((one) => !isHealed(one));
  const inGit = (await withLines(world.threads, snapshot, left)).flatMap(findingsIn);
  const findings = [...inGit, ...beside];
  const paused = pause === null ? {} : { paused: pauseText(pause) };
  const subject = { name: app.name, sha: snapshot.sha, webUrl, ...paused };
  const files = inGit.map(({ object }) => object.file);
  const owners = () => ownersOfFiles(world.threads, snapshot, files);
  return tellDrift(
    world,
    { forge, inventory, subject, owners },
    {
      findings: findings.filter((one) => !isHidden(one)),
      hidden: findings.filter(isHidden),
      hiding,
      healed: found.filter(isHealed).flatMap(findingsIn),
      givenUp: healing.givenUp,
      more,
      urgent,
    },
  );
}

function findingsIn({ drift }: Found): readonly Finding[] {
  return findingsOf([drift]);
}

/** What people have asked for on the open drift issue. */
async function askedFor(
  world: DeployWorld,
  forge: RepositoryForge,
  app: string,
): Promise<Result<readonly DriftRequest[]>> {
  const issue = await openIssue(forge, world.memory.issues, sortOf(app));
  if (!issue.ok) return issue;
  return issue.value === null ? ok([]) : openRequests(forge, issue.value);
}
