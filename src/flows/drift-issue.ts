/** The one drift issue of an app, as we know it. */

import type { IssueSort } from "./app-issue.ts";
import type { DeployWorld } from "./deploy-world.ts";

export const sortOf = (app: string): IssueSort => ({ marker: "drift", label: "lockkeeper/drift", app });

/** Null where none is open, or where nobody has looked yet. */
export function issueOf(
  world: DeployWorld,
  app: string,
): { readonly number: number; readonly text: string } | null {
  return world.memory.issues.get(`drift ${app}`) ?? null;
}

/** A seal of this issue alone: what another one hid cannot be put into its text. */
export function hidingSeal(world: DeployWorld, app: string, issue: number): (text: string) => string {
  return (text) => world.forge.seal(`${app} ${issue}\n${text}`);
}
