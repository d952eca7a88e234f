/** What merging a pull request would do to the cluster, as facts: one plan for each app that it touches. */

import type { FieldDrift } from "./drift.ts";

/** One field, masked already; `from` is null where it is added, `to` where it is taken away. */
export interface FieldChange {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A workload whose pods are replaced; `replicas` is null where nobody knows how many there are. */
export interface Restart {
  readonly name: string;
  readonly replicas: number | null;
}

/**
 * `take`: the object is there already, and Lockkeeper has not made it. `recreate`: a field changes that cannot be changed, so
 * that the object would have to be deleted first.
 */
export type PlannedAction = "create" | "change" | "recreate" | "take";

export interface PlannedChange {
  /** As `resourceText` writes it. */
  readonly object: string;
  readonly secret: boolean;
  readonly action: PlannedAction;
  /** Where Git says so. */
  readonly file: string;
  readonly line: number;
  readonly fields: readonly FieldChange[];
  /** What differs in the cluster already, and becomes what Git says again. */
  readonly takesBack: readonly FieldChange[];
  /** Half a sentence why the server has not looked at it; null where it has. */
  readonly unproven: string | null;
  /** Half a sentence why the deploy would stop here; null where it would not. */
  readonly refused: string | null;
  readonly restart: Restart | null;
}

/** An object that is in the inventory and would not be in Git. */
export interface PlannedDelete {
  readonly object: string;
  /** Half a sentence why it would stay; null where it would be deleted. */
  readonly stays: string | null;
}

export interface AppPlan {
  /** The app's hash. */
  readonly app: string;
  readonly name: string;
  readonly environment: string;
  /** Half a sentence why the cluster was not asked, so that all of it is told from the manifests; null where it was. */
  readonly rendered: string | null;
  /** A sentence each; where there is any, nothing is applied, and nothing else is known. */
  readonly refusals: readonly string[];
  readonly changes: readonly PlannedChange[];
  readonly deletes: readonly PlannedDelete[];
  /** Why nothing at all would be pruned; null where it is decided object by object. */
  readonly gate: string | null;
  readonly unchanged: number;
  /** Objects that the default branch has changed already, which are not applied yet. */
  readonly late: number;
  /** How many objects stay in the cluster as the folder stops being an app; absent where it does not. */
  readonly left?: number;
}

/** The reasons why the deploy of an app would stop, a sentence each. */
export function obstacles({ refusals, changes, gate, deletes }: AppPlan): readonly string[] {
  return [
    ...refusals,
    ...changes.flatMap(({ object, refused }) => (refused === null ? [] : [`${object}: ${refused}`])),
    ...(gate !== null && deletes.length > 0 ? [`nothing would be pruned: ${gate}`] : []),
  ];
}

export function toFieldChange({ path, live, wanted }: FieldDrift): FieldChange {
  return { path, from: live, to: wanted };
}
