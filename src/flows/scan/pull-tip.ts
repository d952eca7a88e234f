/** Who has made the commits of a branch of ours. */

import { type Result, ok } from "../../model/failure.ts";
import type { Person, PullRequest } from "../../model/pull.ts";
import { type OpenPull, isOurTip, isTipKnown } from "../../plan/open-pull.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { isAllOurs } from "./scan-branch.ts";

/** GitHub is only asked where the pull request's own description does not tell. `head` is the default branch's. */
export async function tipOf(
  { code }: Pick<RepositoryForge, "code">,
  { head, self }: { readonly head: string; readonly self: Person },
  pull: PullRequest,
): Promise<Result<OpenPull["tip"]>> {
  if (isTipKnown(pull)) return ok(isOurTip(pull) ? "ours" : "foreign");
  const compared = await code.compare(head, pull.headSha);
  if (compared.ok) return ok(isAllOurs(compared.value, self) ? "ours" : "foreign");
  // So much is between them that GitHub does not list it: nothing that we make.
  return compared.failure.code === "incomplete" ? ok("foreign") : compared;
}
