/** The words in which health is told, and how conditions are read. */

import type { KubernetesObject } from "../model/resource.ts";
import { recordsAt } from "./json-path.ts";

/** `failed` is final until somebody changes something. */
export type HealthState = "ready" | "progressing" | "failed";

export interface Health {
  readonly state: HealthState;
  /** One clause for people; empty when ready. */
  readonly reason: string;
  /** Of what is ready: what somebody should know all the same, one clause. */
  readonly note?: string;
}

export const ready: Health = { state: "ready", reason: "" };
export const readyBut = (note: string): Health => ({ ...ready, note });
export const progressing = (reason: string): Health => ({ state: "progressing", reason });
export const failed = (reason: string): Health => ({ state: "failed", reason });

export type ConditionStatus = "True" | "False" | "Unknown";

/** What a condition says; undefined where it is not there, or was written for an older generation. */
export function conditionStatus(object: KubernetesObject, type: string): string | undefined {
  const { generation } = object.metadata;
  const found = recordsAt(object, "status", "conditions").find((each) => each["type"] === type);
  if (found === undefined) return undefined;
  const observed = found["observedGeneration"];
  if (typeof observed === "number" && generation !== undefined && observed < generation) return undefined;
  return String(found["status"]);
}

export function hasCondition(
  object: KubernetesObject,
  type: string,
  status: ConditionStatus,
  reason?: string,
): boolean {
  if (conditionStatus(object, type) !== status) return false;
  return reason === undefined || conditionReason(object, type) === reason;
}

export function conditionReason(object: KubernetesObject, type: string): string {
  const found = recordsAt(object, "status", "conditions").find((each) => each["type"] === type);
  return typeof found?.["reason"] === "string" ? found["reason"] : "";
}

export function byCondition(object: KubernetesObject, type: string): Health {
  return hasCondition(object, type, "True") ? ready : progressing(`it is not ${type} yet`);
}
