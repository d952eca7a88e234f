/** The one drift issue of an app, as we know it. */

import type { Result } from "../../model/failure.ts";
import { type IssueSort, closeIssue } from "../deploy/app-issue.ts";
import type { DeployInput } from "../deploy/deploy-input.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";

export const sortOf = (app: string): IssueSort => ({ marker: "drift", label: "lockkeeper/drift", app });

/** Closes the issue of an app that we have applied and do not any more: nobody here would heal it. */
export function endDrift(
  { memory: { issues } }: DeployWorld,
  { hash, forge }: Pick<DeployInput, "hash" | "forge">,
): Promise<Result<void>> {
  const why = "Lockkeeper does not apply this app any more: what differs from Git stays as it is.";
  return closeIssue(forge, issues, sortOf(hash), why);
}

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
