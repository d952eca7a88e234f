/** What an API server refuses about an object's content, as far as people run into it. */

import { type Stored, type Tree, canonical, treeAt, treesAt } from "./json-tree.ts";
import { type Cause, type Refusal, invalid, typeMismatch } from "./refusal.ts";
import type { ServedKind } from "./served-kinds.ts";

const subdomain = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const labelValue = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;
const selecting = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]);
const shortNames = new Set(["Namespace", "Service"]);

/** Types are checked before anything else, on what the client sent; their answer has no causes. */
export function checkTypes(object: Tree): Refusal | null {
  const maps = [
    [".data", object.data],
    [".stringData", object.stringData],
    [".metadata.labels", treeAt(object, "metadata").labels],
    [".metadata.annotations", treeAt(object, "metadata").annotations],
  ] as const;
  for (const [field, map] of maps) {
    for (const [key, value] of Object.entries(map ?? {})) {
      if (typeof value !== "string" && value !== null)
        return typeMismatch(`${field}.${key}`, `string, got ${JSON.stringify(value)}`);
    }
  }
  const { replicas } = treeAt(object, "spec");
  const whole = replicas === undefined || replicas === null || Number.isInteger(replicas);
  return whole
    ? null
    : typeMismatch(".spec.replicas", `numeric (int or float), got ${JSON.stringify(replicas)}`);
}

/** `after` with its defaults; `before` is null when it is created. */
export function validateObject(kind: ServedKind, before: Stored | null, after: Stored): Refusal | null {
  const causes = [
    ...checkName(kind, after.metadata.name),
    ...checkLabels(after),
    ...checkWorkload(after),
    ...checkConstants(before, after),
  ];
  return causes.length === 0 ? null : invalid(kind, after.metadata.name, causes);
}

function checkName(kind: ServedKind, name: string): Cause[] {
  const free = kind.group === "rbac.authorization.k8s.io";
  const fits = free ? !/[/%]/.test(name) && name !== "." && name !== ".." : subdomain.test(name);
  const short = !shortNames.has(kind.kind) || (label.test(name) && name.length <= 63);
  if (fits && short && name.length <= 253) return [];
  const what = short ? "RFC 1123 subdomain" : "RFC 1123 label";
  return [
    cause(
      "FieldValueInvalid",
      "metadata.name",
      `Invalid value: ${JSON.stringify(name)}: a lowercase ${what} must consist of lower case alphanumeric characters or '-'`,
    ),
  ];
}

function checkLabels(object: Stored): Cause[] {
  return Object.entries(object.metadata.labels ?? {})
    .filter(([, value]) => !labelValue.test(value) || value.length > 63)
    .map(([, value]) =>
      cause("FieldValueInvalid", "metadata.labels", `Invalid value: ${JSON.stringify(value)}`),
    );
}

function checkWorkload(object: Stored): Cause[] {
  const spec = treeAt(object, "spec");
  const causes: Cause[] = [];
  if (selecting.has(object.kind)) causes.push(...checkSelector(spec));
  const pod = podOf(object, spec);
  if (pod !== null) causes.push(...checkContainers(pod.spec, pod.field));
  const { replicas } = spec;
  if (typeof replicas === "number" && replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    causes.push(cause("FieldValueInvalid", "spec.replicas", message));
  }
  return causes;
}

function checkSelector(spec: Tree): Cause[] {
  const selector = treeAt(spec, "selector");
  if (Object.keys(selector).length === 0)
    return [cause("FieldValueRequired", "spec.selector", "Required value")];
  const labels = treeAt(treeAt(treeAt(spec, "template"), "metadata"), "labels");
  const matches = Object.entries(treeAt(selector, "matchLabels")).every(
    ([key, value]) => labels[key] === value,
  );
  if (matches) return [];
  const message = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
  return [cause("FieldValueInvalid", "spec.template.metadata.labels", message)];
}

function podOf(object: Stored, spec: Tree): { spec: Tree; field: string } | null {
  if (object.kind === "Pod") return { spec, field: "spec" };
  if (object.kind === "CronJob") {
    const job = treeAt(treeAt(spec, "jobTemplate"), "spec");
    return { spec: treeAt(treeAt(job, "template"), "spec"), field: "spec.jobTemplate.spec.template.spec" };
  }
  if (!selecting.has(object.kind) && object.kind !== "Job") return null;
  return { spec: treeAt(treeAt(spec, "template"), "spec"), field: "spec.template.spec" };
}

function checkContainers(spec: Tree, field: string): Cause[] {
  const containers = treesAt(spec, "containers");
  if (containers.length === 0) return [cause("FieldValueRequired", `${field}.containers`, "Required value")];
  const causes = containers.flatMap((entry, index) =>
    ["name", "image"]
      .filter((key) => typeof entry[key] !== "string" || entry[key] === "")
      .map((key) => cause("FieldValueRequired", `${field}.containers[${index}].${key}`, "Required value")),
  );
  const names = containers.map((entry) => entry.name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    const message = `Duplicate value: ${JSON.stringify(names[twice])}`;
    causes.push(cause("FieldValueDuplicate", `${field}.containers[${twice}].name`, message));
  }
  return causes;
}

/** Where a field may never change, by kind. */
const constants: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Deployment: [["spec", "selector"]],
  DaemonSet: [["spec", "selector"]],
  ReplicaSet: [["spec", "selector"]],
  StatefulSet: [
    ["spec", "selector"],
    ["spec", "serviceName"],
    ["spec", "volumeClaimTemplates"],
  ],
  Job: [
    ["spec", "selector"],
    ["spec", "template"],
    ["spec", "completions"],
  ],
  Secret: [["type"]],
  RoleBinding: [["roleRef"]],
  ClusterRoleBinding: [["roleRef"]],
};

function checkConstants(before: Stored | null, after: Stored): Cause[] {
  if (before === null) return [];
  const frozen = before.immutable === true ? [["data"], ["immutable"]] : [];
  return [...(constants[after.kind] ?? []), ...frozen]
    .filter((path) => canonical(at(before, path)) !== canonical(at(after, path)))
    .map((path) =>
      cause("FieldValueInvalid", path.join("."), `Invalid value: ${shown(after, path)}: field is immutable`),
    );
}

/** Real servers quote the refused value here, of Secrets as well; so that clients prove they do not repeat it. */
function shown(object: Stored, path: readonly string[]): string {
  return JSON.stringify(at(object, path)) ?? "null";
}

function at(object: Tree, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], object) ?? null;
}

function cause(reason: string, field: string, message: string): Cause {
  return { reason, message, field };
}
