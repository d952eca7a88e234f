/** Labels of a repository and how they get onto issues. */

import { validationFailed } from "./api-error.ts";
import { announceIssue } from "./announce.ts";
import { presentLabel } from "./present/label.ts";
import type { Context } from "./router.ts";
import type { Repository } from "./repository-state.ts";
import type { Issue, Label } from "./state.ts";
import type { Store } from "./store.ts";

/** Names of labels are compared without regard to case. */
export function findLabel(labels: readonly Label[], name: string): Label | undefined {
  return labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** The label of that name, made in GitHub's default grey where the repository has none. */
export function labelNamed(store: Store, repository: Repository, name: string): Label {
  return findLabel(repository.labels, name) ?? addLabel(store, repository, { name });
}

export function addLabel(
  store: Store,
  repository: Repository,
  draft: { readonly name: string; readonly color?: string; readonly description?: string | null },
): Label {
  if (findLabel(repository.labels, draft.name)) {
    throw validationFailed({ resource: "Label", code: "already_exists", field: "name" });
  }
  const label: Label = {
    id: store.nextId(),
    name: draft.name,
    color: checkedColor(draft.color ?? "ededed"),
    description: draft.description ?? null,
    default: false,
  };
  repository.labels.push(label);
  return label;
}

export function checkedColor(color: string): string {
  if (!/^[0-9a-fA-F]{6}$/.test(color)) {
    throw validationFailed({ resource: "Label", code: "invalid", field: "color" });
  }
  return color;
}

/** Puts labels on an issue; one that it has already changes nothing. */
export async function putLabels(context: Context, issue: Issue, labels: readonly Label[]): Promise<void> {
  for (const label of labels) {
    if (issue.labels.includes(label)) continue;
    issue.labels.push(label);
    await announceLabel(context, issue, { action: "labeled", label });
  }
}

export async function takeLabel(context: Context, issue: Issue, label: Label): Promise<void> {
  const at = issue.labels.indexOf(label);
  if (at < 0) return;
  issue.labels.splice(at, 1);
  await announceLabel(context, issue, { action: "unlabeled", label });
}

async function announceLabel(
  context: Context,
  issue: Issue,
  { action, label }: { action: "labeled" | "unlabeled"; label: Label },
): Promise<void> {
  issue.updatedAt = context.hub.store.now();
  await announceIssue(context, issue, action, {
    label: presentLabel(context.hub.store, context.repository, label),
  });
}
