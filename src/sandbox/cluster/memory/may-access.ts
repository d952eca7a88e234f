/** What an impersonated account may do: the rules of RBAC, read from the roles and bindings that are stored. */

import { type Stored, type Tree, textAt, treeAt, treesAt } from "./json-tree.ts";
import type { ObjectStore } from "./object-store.ts";
import { type ServedKind, resourceName, servedKind } from "./served-kinds.ts";
import { Refusal } from "./refusal.ts";

export interface Attempt {
  readonly verb: string;
  readonly kind: ServedKind;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Null when the user may; bindings of a namespace count in it only. */
export function refuseAccess(store: ObjectStore, user: string, attempt: Attempt): Refusal | null {
  const { namespace } = attempt;
  const everywhere = store.list(servedKind("ClusterRoleBinding"));
  const here = namespace === undefined ? [] : store.list(servedKind("RoleBinding"), namespace);
  const rules = [...everywhere, ...here]
    .filter((binding) => treesAt(binding, "subjects").some((subject) => isUser(subject, user, namespace)))
    .flatMap((binding) => rulesOf(store, binding));
  if (rules.some((rule) => permits(rule, attempt))) return null;
  const { kind, name = "", verb } = attempt;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = attempt.subresource === undefined ? kind.plural : `${kind.plural}/${attempt.subresource}`;
  const message = `${resourceName(kind)} "${name}" is forbidden: User "${user}" cannot ${verb} resource "${what}" in API group "${kind.group}" ${where}`;
  return new Refusal(403, "Forbidden", message, { name, group: kind.group, kind: kind.plural });
}

function isUser(subject: Tree, user: string, namespace: string | undefined): boolean {
  if (subject.kind === "ServiceAccount") {
    return (
      user === `system:serviceaccount:${textAt(subject, "namespace") ?? namespace}:${textAt(subject, "name")}`
    );
  }
  if (subject.kind === "User") return subject.name === user;
  const [, , accountNamespace] = user.split(":");
  const groups = user.startsWith("system:serviceaccount:")
    ? ["system:serviceaccounts", `system:serviceaccounts:${accountNamespace}`, "system:authenticated"]
    : ["system:authenticated"];
  return subject.kind === "Group" && groups.includes(textAt(subject, "name") ?? "");
}

function rulesOf(store: ObjectStore, binding: Stored): Tree[] {
  const role = treeAt(binding, "roleRef");
  const kind = servedKind(role.kind === "ClusterRole" ? "ClusterRole" : "Role");
  const namespace = kind.namespaced ? binding.metadata.namespace : undefined;
  const found = store.get(kind, namespace, textAt(role, "name") ?? "");
  return found === undefined ? [] : treesAt(found, "rules");
}

function permits(rule: Tree, { verb, kind, subresource, name }: Attempt): boolean {
  const has = (key: string, value: string) => {
    const list = rule[key];
    return Array.isArray(list) && (list.includes("*") || list.includes(value));
  };
  const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
  const names = Array.isArray(rule.resourceNames) ? rule.resourceNames : [];
  return (
    has("verbs", verb) &&
    has("apiGroups", kind.group) &&
    has("resources", resource) &&
    (names.length === 0 || names.includes(name))
  );
}
