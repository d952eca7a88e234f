/**
 * Argo CD: Applications that follow a branch.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
 */

import type { KubernetesObject } from "../model/resource.ts";
import { type EngineReader, type Followed, type Follower, engineMessage } from "./engine.ts";
import { isRepository, readsFolder } from "./git-url.ts";
import { type Health, failed, progressing, ready } from "./health-states.ts";
import { recordsAt, textAt, valueAt } from "./json-path.ts";

export const argocd: EngineReader = {
  name: "Argo CD",
  kinds: [{ kind: "Application", apiVersions: ["argoproj.io/v1alpha1"] }],
  read(objects, followed) {
    const followers = objects.flatMap((object): readonly Follower[] => {
      const at = sourceAt(object, followed);
      return at === null ? [] : [followerOf(object, at, followed.sha)];
    });
    return { followers, sources: [] };
  },
  ask: () => ({ "argocd.argoproj.io/refresh": "normal" }),
};

/** Which of its sources follows; -1 for the only one, null for none. */
function sourceAt(object: KubernetesObject, { repository, branch, path }: Followed): number | null {
  if (object.kind !== "Application") return null;
  const follows = (source: unknown): boolean => {
    const revision = textAt(source, "targetRevision");
    const reads = textAt(source, "path");
    return (
      isRepository(textAt(source, "repoURL"), repository) &&
      (revision === branch || revision === `refs/heads/${branch}`) &&
      reads !== undefined &&
      readsFolder(reads, path)
    );
  };
  const several = recordsAt(object, "spec", "sources");
  // Where there are several, the single one does not count.
  if (several.length === 0) return follows(valueAt(object, "spec", "source")) ? -1 : null;
  const at = several.findIndex(follows);
  return at < 0 ? null : at;
}

function followerOf(object: KubernetesObject, at: number, sha: string): Follower {
  const status = (...keys: readonly string[]): string | undefined => textAt(object, "status", ...keys);
  const revisions = valueAt(object, "status", "sync", "revisions");
  const listed: unknown = Array.isArray(revisions) ? revisions[at] : undefined;
  const seen = (at < 0 ? status("sync", "revision") : listed) === sha;
  const [sync, health] = [status("sync", "status"), status("health", "status")];
  const phase = status("operationState", "phase") ?? "";
  const broke = seen && sync !== "Synced" && ["Failed", "Error"].includes(phase);
  const applied = seen && sync === "Synced";
  const astray = seen && (sync === "OutOfSync" || health === "Degraded" || health === "Missing");
  return { object, applied, astray, health: healthOf() };

  function healthOf(): Health {
    if (broke) return failed(`its sync failed: ${engineMessage(status("operationState", "message"))}`);
    if (applied && health === "Degraded")
      return failed(`it is Degraded: ${engineMessage(status("health", "message"))}`);
    if (applied && health === "Healthy") return ready;
    if (seen) return progressing(`it is ${sync ?? "Unknown"} and ${health ?? "Unknown"}`);
    const error = recordsAt(object, "status", "conditions").find((each) =>
      String(each["type"]).endsWith("Error"),
    );
    const why = error === undefined ? "" : `: ${engineMessage(textAt(error, "message"))}`;
    return progressing(`it does not have the commit yet${why}`);
  }
}
