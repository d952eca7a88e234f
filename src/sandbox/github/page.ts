/** Lists cut into pages with GitHub's Link header. */

import type { Answer } from "./answer.ts";
import type { Context } from "./router.ts";

/**
 * One page of a list by `page` and `per_page` (30 by default, at most 100). `wrap` makes the body where it is not the
 * bare array; `limit` is where GitHub stops counting (3,000 files, 250 commits).
 */
export async function paginate<T>(
  context: Context,
  items: readonly T[],
  present: (item: T) => unknown,
  wrap: (page: unknown[], total: number) => unknown = (page) => page,
): Promise<Answer> {
  const { page, perPage } = pageOf(context.query);
  const shown = await Promise.all(items.slice((page - 1) * perPage, page * perPage).map(present));
  const last = Math.max(1, Math.ceil(items.length / perPage));
  return { status: 200, body: wrap(shown, items.length), headers: linkHeader(context.url, page, last) };
}

export function pageOf(query: URLSearchParams): { page: number; perPage: number } {
  const number = (name: string, otherwise: number): number => {
    const value = Number(query.get(name) ?? otherwise);
    return Number.isInteger(value) && value > 0 ? value : otherwise;
  };
  return { page: number("page", 1), perPage: Math.min(100, number("per_page", 30)) };
}

/** `first`, `prev`, `next` and `last`, each only where it leads somewhere else. */
export function linkHeader(url: URL, page: number, last: number): Record<string, string> {
  const to = (target: number, rel: string): string => {
    const address = new URL(url);
    address.searchParams.set("page", String(target));
    return `<${address.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(Math.min(page - 1, last), "prev")] : []),
    ...(page < last ? [to(page + 1, "next"), to(last, "last")] : []),
    ...(page > 1 ? [to(1, "first")] : []),
  ];
  return links.length > 0 ? { link: links.join(", ") } : {};
}
