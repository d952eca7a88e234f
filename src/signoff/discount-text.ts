/** Why an approval does not count, in words that go after the person's name. */

import type { Discount } from "./evaluate.ts";
import type { Contributor } from "./facts.ts";

const parts: Record<Contributor["part"], string> = {
  author: "opened the pull request",
  "commit-author": "wrote",
  committer: "committed",
  "co-author": "is a co-author of",
  pusher: "pushed",
};

/** Plain text, e.g. `pushed a1b2c3d`; not yet inert for Markdown. */
export function discountText(discount: Discount): string {
  switch (discount.type) {
    case "contributor": {
      const { part, sha } = discount.contributor;
      return sha === null ? parts[part] : `${parts[part]} ${sha.slice(0, 7)}`;
    }
    case "bot":
      return "is a bot";
    case "stale":
      return `approved ${discount.sha.slice(0, 7)}, which was another change${differenceText(discount.difference)}`;
    case "unproven":
      return discount.why;
    default:
      return "is none of those who are asked";
  }
}

function differenceText(difference: string | undefined): string {
  return difference === undefined ? "" : ` (${difference})`;
}
