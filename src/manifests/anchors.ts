/** Anchors of a document, and the aliases that stand for them. */

import { type Alias, type Document, type Node, visit } from "yaml";
import { type NodePath, pathOf } from "./node-path.ts";

/** The node that an alias stands for. */
export type Anchors = (alias: Alias) => Anchored | undefined;

interface Anchored {
  readonly node: Node;
  readonly path: NodePath;
}

/** An alias means the anchor of its name that ended last before it, so that no way leads in a circle. */
export function anchorsOf(document: Document.Parsed): Anchors {
  let known: readonly (Anchored & { readonly name: string })[] | null = null;
  return (alias) => {
    known ??= anchoredNodes(document);
    const before = alias.range?.[0] ?? 0;
    return known.findLast(
      ({ name, node }) => name === alias.source && (node.range?.[1] ?? Infinity) <= before,
    );
  };
}

function anchoredNodes(document: Document.Parsed): readonly (Anchored & { readonly name: string })[] {
  const found: (Anchored & { readonly name: string })[] = [];
  visit(document, {
    Value: (key, node, ancestors) => {
      if (node.anchor !== undefined) found.push({ name: node.anchor, node, path: pathOf(key, ancestors) });
    },
  });
  return found;
}

/** Where an alias stands and where the value does that it brings. */
export interface Link {
  readonly from: NodePath;
  readonly to: NodePath;
}

/** Every alias of a document; behind a merge key `from` is the map that takes the keys over. */
export function linksOf(document: Document.Parsed): readonly Link[] {
  const anchors = anchorsOf(document);
  const links: Link[] = [];
  visit(document, {
    Alias: (key, node, ancestors) => {
      const to = anchors(node)?.path;
      const path = pathOf(key, ancestors);
      const merge = path.lastIndexOf("<<");
      if (to !== undefined) links.push({ from: merge < 0 ? path : path.slice(0, merge), to });
    },
  });
  return links;
}
