/** Small parts that every JSON form has: node ids and times. */

/** An opaque id that also names the kind, as GraphQL hands out. */
export function nodeId(prefix: string, id: number | string): string {
  return `${prefix}_${Buffer.from(`${prefix}:${id}`).toString("base64url")}`;
}

/** The id inside a node id of that kind; undefined for anything else. */
export function idOfNode(prefix: string, node: string): string | undefined {
  if (!node.startsWith(`${prefix}_`)) return undefined;
  const text = Buffer.from(node.slice(prefix.length + 1), "base64url").toString("utf8");
  return text.startsWith(`${prefix}:`) ? text.slice(prefix.length + 1) : undefined;
}

/** GitHub writes whole seconds. */
export function time(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function optionalTime(date: Date | null): string | null {
  return date === null ? null : time(date);
}
