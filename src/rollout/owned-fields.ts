/** Reads fieldsV1, the trie in which the API server records which manager owns which field, against an object. */

import type { KubernetesObject, ManagedFields } from "../model/resource.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type JsonRecord, isRecord } from "./json-path.ts";

/** One owned field: its path for people, its steps as in fieldsV1, and its value; `undefined` where it is not there. */
export interface OwnedLeaf {
  readonly path: string;
  readonly steps: readonly string[];
  readonly value: unknown;
}

/** The entries of a manager's applies. There can be one for each version in which it applied. */
export function appliedEntries(object: KubernetesObject, manager: string): readonly ManagedFields[] {
  return (object.metadata.managedFields ?? []).filter(
    (entry) => entry.manager === manager && entry.operation === "Apply" && !entry.subresource,
  );
}

/**
 * The leaves of a trie with the values that an object has there: an empty node is a value compared whole, `k:` an item of a
 * keyed list, `v:` a member of a set, `.` the presence of a container. Format:
 * https://pkg.go.dev/sigs.k8s.io/structured-merge-diff/v4/fieldpath#Set
 */
export function ownedLeaves(fields: JsonRecord, object: unknown): readonly OwnedLeaf[] {
  const leaves: OwnedLeaf[] = [];
  const walk = (node: JsonRecord, value: unknown, path: string, steps: readonly string[]): void => {
    for (const [step, below] of Object.entries(node)) {
      if (step === ".") {
        leaves.push({ path: path === "" ? "." : path, steps: [...steps, step], value: presence(value) });
        continue;
      }
      const child = childAt(value, step);
      const childPath = stepPath(path, step);
      if (isRecord(below) && Object.keys(below).length > 0) walk(below, child, childPath, [...steps, step]);
      else leaves.push({ path: childPath, steps: [...steps, step], value: child });
    }
  };
  walk(fields, object, "", []);
  return leaves;
}

function presence(value: unknown): unknown {
  return value === undefined ? undefined : "(present)";
}

function childAt(value: unknown, step: string): unknown {
  const name = step.slice(2);
  switch (step.slice(0, 2)) {
    case "f:":
      return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    case "k:":
      return keyedItem(value, parsed(name));
    case "v:":
      return setMember(value, parsed(name));
    default:
      return Array.isArray(value) ? (value[Number(name)] as unknown) : undefined;
  }
}

function keyedItem(value: unknown, keys: unknown): unknown {
  if (!Array.isArray(value) || !isRecord(keys)) return undefined;
  return value.find(
    (item) => isRecord(item) && Object.entries(keys).every(([key, wanted]) => item[key] === wanted),
  );
}

function setMember(value: unknown, wanted: unknown): unknown {
  if (!Array.isArray(value)) return undefined;
  const text = canonicalJson(wanted);
  return value.find((item) => canonicalJson(item) === text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `spec.replicas`, `labels["app.kubernetes.io/name"]`, `containers[name=web]`. */
function stepPath(path: string, step: string): string {
  const name = step.slice(2);
  if (step.startsWith("f:")) return memberPath(path, name);
  const keys = parsed(name);
  if (!step.startsWith("k:") || !isRecord(keys)) return `${path}[${name}]`;
  return `${path}[${Object.entries(keys)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",")}]`;
}

/** The path of a member of a mapping, in the words of the paths of owned fields. */
export function memberPath(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

/** Whether a trie holds a path, or an atomic ancestor of it. */
export function holdsPath(fields: JsonRecord, steps: readonly string[]): boolean {
  let node: unknown = fields;
  for (const [index, step] of steps.entries()) {
    if (!isRecord(node)) return false;
    if (index > 0 && Object.keys(node).length === 0) return true;
    if (!Object.hasOwn(node, step)) return false;
    node = node[step];
  }
  return true;
}
