/** Answers `/lockkeeper adopt`: a pull request that makes Git say what the cluster has, wherever that can be written. */

import { type Result, ok } from "../../model/failure.ts";
import { addressOf } from "../../model/resource.ts";
import { fieldManager } from "../../rollout/app-hash.ts";
import { leftText } from "../../rollout/adoption-text.ts";
import { driftedValues } from "../../rollout/drift.ts";
import { isNamedBy, objectName } from "../../rollout/drift-findings.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { inertProse } from "../../text/inert.ts";
import { type LiveObject, adoptObjects } from "./adopt-objects.ts";
import { openAdoption } from "./adopt-pull.ts";
import { isPassing } from "../deploy/deploy-failure.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import type { Found } from "./drift-find.ts";
import { noSuch } from "./drift-heal.ts";
import type { DriftInput } from "./drift-input.ts";
import { type DriftRequest, answerRequest } from "./drift-requests.ts";

export interface AdoptInput extends DriftInput {
  readonly asked: readonly DriftRequest[];
  /** Whether people do not want to hear of it now. */
  readonly isHidden: (found: Found) => boolean;
}

/** Fails only where trying again may help; what cannot be written is told to whoever asked. */
export async function adoptDrift(
  world: DeployWorld,
  inventory: Inventory,
  input: AdoptInput,
  found: readonly Found[],
): Promise<Result<void>> {
  for (const request of input.asked) {
    const named = request.words !== "";
    const meant = found.filter((one) =>
      named ? isNamedBy(one.drift.id, request.words) : !input.isHidden(one),
    );
    const answered =
      meant.length === 0 && found.length > 0
        ? await answerRequest(input.forge, request, "confused", [
            named
              ? noSuch(request.words, found)
              : "All that has drifted is hidden; name an object to adopt it.",
          ])
        : await adoptAll(world, inventory, { ...input, request }, meant);
    if (!answered.ok) return answered;
  }
  return ok(undefined);
}

async function adoptAll(
  world: DeployWorld,
  inventory: Inventory,
  input: AdoptInput & { readonly request: DriftRequest },
  meant: readonly Found[],
): Promise<Result<void>> {
  const { forge, request } = input;
  const objects: LiveObject[] = [];
  for (const one of meant) {
    const live = await liveObject(world, input, one);
    if (!live.ok) return live;
    objects.push(live.value);
  }
  const adoption = await adoptObjects(world, input, objects);
  if (!adoption.ok && isPassing(adoption.failure)) return adoption;
  if (!adoption.ok)
    return answerRequest(forge, request, "confused", [
      `Nothing can be adopted: ${inertProse(adoption.failure.message)}.`,
    ]);
  const left = leftText(adoption.value.left);
  if (adoption.value.adopted.length === 0)
    return answerRequest(forge, request, "confused", ["Nothing of it can be adopted.", ...left]);
  const { app } = input;
  const { author } = request.comment;
  const opened = await openAdoption(world, inventory, { app, by: author, adoption: adoption.value });
  if (!opened.ok && isPassing(opened.failure)) return opened;
  if (!opened.ok)
    return answerRequest(forge, request, "confused", [
      `It cannot be adopted: ${inertProse(opened.failure.message)}.`,
    ]);
  return answerRequest(forge, request, "+1", [`#${opened.value} writes it into Git.`, ...left]);
}

/** What is live now, in full: the report has it masked. */
async function liveObject(
  { cluster }: DeployWorld,
  { as }: DriftInput,
  found: Found,
): Promise<Result<LiveObject>> {
  const nothing = (why: string): Result<LiveObject> => ok({ found, fields: [], why });
  const { planned, drift } = found;
  if (drift.id.kind === "Secret") return nothing("Secrets are never written into Git from the cluster");
  if (drift.class === "deleted") return nothing("it is gone; take it out of Git by hand, or heal it");
  if (drift.class === "label-stripped") return nothing("it does not carry the app's label any more; heal it");
  const live = await cluster.get(addressOf(planned.object));
  if (!live.ok) return isPassing(live.failure) ? live : nothing(live.failure.message);
  const options = { manager: fieldManager, force: true, dryRun: true, as };
  const predicted = await cluster.apply(planned.object, options);
  if (!predicted.ok) return isPassing(predicted.failure) ? predicted : nothing(predicted.failure.message);
  const fields = driftedValues(predicted.value.object, live.value, planned.entry.ignored);
  return ok({
    found,
    fields,
    why: fields.length === 0 ? `${objectName(drift.id)} has not drifted any more` : null,
  });
}
