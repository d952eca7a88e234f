/** The order of what people may do in a repository. */

import type { Permission } from "./pull.ts";

const weakestFirst: readonly Permission[] = ["none", "read", "triage", "write", "maintain", "admin"];

/** Whether somebody with this permission has at least the other one. */
export function reaches(permission: Permission, atLeast: Permission): boolean {
  return weakestFirst.indexOf(permission) >= weakestFirst.indexOf(atLeast);
}
