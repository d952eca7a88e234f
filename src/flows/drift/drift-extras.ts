/** Looks for objects beside those of an app, where its configuration asks for that. */

import { type Result, ok } from "../../model/failure.ts";
import { appLabel } from "../../rollout/app-hash.ts";
import type { ObjectDrift } from "../../rollout/drift.ts";
import { extraDrift, extraScope, isExtra } from "../../rollout/extras.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { inFlight } from "../in-flight.ts";

/** No watch tells of them: they are listed again after so long. */
const lookAgainMs = 60_000;
const concurrency = 4;

/** One listing of names for each kind and namespace; a kind that is not served, or that may not be listed, is left out. */
export async function findExtras(
  { cluster, clock, memory, log }: DeployWorld,
  { app, name, entries }: Inventory,
): Promise<Result<readonly ObjectDrift[]>> {
  const now = clock.now().getTime();
  const known = memory.extras.get(app);
  if (known !== undefined && now - known.at < lookAgainMs) return ok(known.found);
  const { namespaces, kinds } = extraScope([...entries.values()]);
  const places = kinds.flatMap((kind) => namespaces.map((namespace) => ({ kind, namespace })));
  const lists = await inFlight(concurrency, places, async ({ kind: [apiVersion, kind], namespace }) => {
    const info = await cluster.kind(apiVersion, kind);
    if (!info.ok) return [];
    const listed = await cluster.list(info.value, `!${appLabel}`, { namespace, metadataOnly: true });
    if (!listed.ok) {
      log.warn(
        { app: name, kind, namespace, code: listed.failure.code },
        "not looked through for extra objects",
      );
      return [];
    }
    return listed.value.filter(isExtra).map(extraDrift);
  });
  const found = lists.flat();
  memory.extras.set(app, { at: now, found });
  return ok(found);
}
