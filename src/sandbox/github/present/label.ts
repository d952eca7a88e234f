/** Labels and reactions as JSON. */

import type { Repository } from "../repository-state.ts";
import type { Label, Reaction } from "../state.ts";
import type { Store } from "../store.ts";
import { nodeId, time } from "./links.ts";
import { apiOf } from "./repository.ts";
import { presentUser } from "./user.ts";

export function presentLabel(store: Store, repository: Repository, label: Label): Record<string, unknown> {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${apiOf(store, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

export function presentReaction(store: Store, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId("REA", reaction.id),
    user: presentUser(store, reaction.user),
    content: reaction.content,
    created_at: time(reaction.createdAt),
  };
}

/** `reaction-rollup`: how many of each kind; `of` is the address of what was reacted to. */
export function presentReactionCounts(of: string, reactions: readonly Reaction[]): Record<string, unknown> {
  const kinds = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];
  const counts = kinds.map((kind) => [kind, reactions.filter(({ content }) => content === kind).length]);
  return { url: `${of}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}
