/** Reads a listing page by page. Pages are asked for by number, so no Link of an answer is ever followed. */

/** Entries per page; GitHub's maximum. */
export const perPage = 100;

interface Page<T> {
  readonly data: readonly T[];
  readonly headers: { readonly link?: string };
}

/** `complete` is false when there was another page after the last one asked for. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly complete: boolean;
}

/** Asks for pages 1, 2, … until GitHub names no next one, `most` pages came, or `enough` says so of what came. */
export async function collect<T>(
  ask: (page: number) => Promise<Page<T>>,
  most = 100,
  enough: (items: readonly T[]) => boolean = () => false,
): Promise<Listing<T>> {
  const items: T[] = [];
  for (let page = 1; page <= most; page++) {
    const { data, headers } = await ask(page);
    items.push(...data);
    if (!hasNext(headers.link)) return { items, complete: true };
    if (enough(items)) break;
  }
  return { items, complete: false };
}

function hasNext(link: string | undefined): boolean {
  return /;\s*rel="?next"?/.test(link ?? "");
}

/** The value of a query parameter in the address of the next page; only that value is used, never the address. */
export function nextCursor(link: string | undefined, parameter: string): string | null {
  const address = /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link ?? "")?.[1];
  return address && URL.canParse(address) ? new URL(address).searchParams.get(parameter) : null;
}
