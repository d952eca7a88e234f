/** Finds what shows that a manifest still has to go through a templating or decryption tool before it means anything. */

import { type Document, type Node, type Pair, isMap, isPair, isScalar, isSeq } from "yaml";

/** Offset in the file and what stands there. */
export interface Finding {
  readonly offset: number;
  readonly what: string;
}

const encrypted = /^ENC\[[A-Z0-9_]+,/;
const moustache = /\{\{/;
/** `${NAME}` and `${NAME:=default}`, as Flux, envsubst and shells substitute them. */
const substitution = /\$\{[A-Za-z_][A-Za-z0-9_]*(?:[:?/#%^,=-][^}]*)?\}/;

/**
 * Below these keys text is free: shell scripts, configuration files and alert texts may hold any syntax there and mean it.
 * What decides where and what runs (names, images, numbers, labels) never stands below one of them.
 */
const freeText = new Set([
  "data",
  "stringData",
  "binaryData",
  "annotations",
  "args",
  "command",
  "value",
  "description",
]);

/** The first trace of SOPS, of a template or of a variable in a document; null when it is plain. */
export function findTemplateSyntax(document: Document): Finding | null {
  const root = document.contents;
  if (!isMap(root)) return null;
  const sops = root.items.find((pair) => isScalar(pair.key) && pair.key.value === "sops");
  if (sops !== undefined && isMap(sops.value) && sops.value.has("mac")) {
    return { offset: offsetOf(sops), what: "it is encrypted by SOPS" };
  }
  const custom = isCustomResource(root.get("apiVersion"));
  return firstIn(root, custom);
}

/** Custom resources carry query and template languages of their own in their spec. */
function isCustomResource(apiVersion: unknown): boolean {
  if (typeof apiVersion !== "string") return false;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return group.includes(".") && !group.endsWith(".k8s.io");
}

interface Step {
  readonly node: unknown;
  readonly free: boolean;
}

/** Walks with a list of its own: the gate has limited the depth already, the list keeps it so. */
function firstIn(root: Node, custom: boolean): Finding | null {
  const waiting: Step[] = [{ node: root, free: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, free } = next;
    if (isScalar(node) && typeof node.value === "string") {
      const what = problemOf(node.value, free);
      if (what !== null) return { offset: node.range?.[0] ?? 0, what };
    } else if (isPair(node)) {
      if (isMap(node.key)) return { offset: node.key.range?.[0] ?? 0, what: templateText };
      waiting.push(belowPair(node, free, custom));
    } else if (isMap(node) || isSeq(node)) {
      waiting.push(...node.items.toReversed().map((item) => ({ node: item, free })));
    }
  }
  return null;
}

function belowPair(pair: Pair, free: boolean, custom: boolean): Step {
  const key = isScalar(pair.key) ? String(pair.key.value) : "";
  return { node: pair.value, free: free || freeText.has(key) || (custom && key === "spec") };
}

const templateText = "it holds template syntax ({{ … }}) that nothing here fills in";

function problemOf(text: string, free: boolean): string | null {
  if (encrypted.test(text)) return "it is encrypted by SOPS";
  if (free) return null;
  if (moustache.test(text)) return templateText;
  if (substitution.test(text)) return "it holds a ${variable} that nothing here fills in";
  return null;
}

function offsetOf(pair: Pair): number {
  return isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
}
