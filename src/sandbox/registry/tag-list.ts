/** `GET /v2/<name>/tags/list`: pages in lexical order, with a Link to the next one. */

import { type RegistryRequest, type Reply, json, refusal } from "./exchange.ts";
import type { Storage } from "./storage.ts";

/** Most tags of one page, whatever was asked for. */
const maximumPage = 1000;

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export function listTags(storage: Storage, name: string, request: RegistryRequest): Reply {
  if (request.method !== "GET") return refusal("UNSUPPORTED", "tags are listed with GET");
  const tags = storage.get(name)?.tags;
  if (tags === undefined) return refusal("NAME_UNKNOWN", `repository ${name} is not known`);
  const asked = request.url.searchParams.get("n");
  if (asked !== null && !/^\d{1,9}$/.test(asked)) {
    return refusal("PAGINATION_NUMBER_INVALID", "n must be a number");
  }
  const size = Math.min(asked === null ? maximumPage : Number(asked), maximumPage);
  const last = request.url.searchParams.get("last");
  const begin = last === null ? null : named(last);
  const rest = [...tags.keys()].map(named).filter((tag) => begin === null || byName(tag, begin) > 0);
  const page = rest
    .sort(byName)
    .slice(0, size)
    .map(({ tag }) => tag);
  const end = page.at(-1);
  const more = end !== undefined && rest.length > page.length;
  const next = `/v2/${name}/tags/list?n=${size}&last=${encodeURIComponent(end ?? "")}`;
  return json(200, { name, tags: page }, more ? { link: `<${next}>; rel="next"` } : {});
}

interface Named {
  readonly tag: string;
  readonly lower: string;
}

function named(tag: string): Named {
  return { tag, lower: tag.toLowerCase() };
}

/** Case-insensitive alphanumeric order, as the specification asks; the same letters in other case keep byte order. */
function byName(left: Named, right: Named): number {
  if (left.lower !== right.lower) return left.lower < right.lower ? -1 : 1;
  return left.tag === right.tag ? 0 : left.tag < right.tag ? -1 : 1;
}
