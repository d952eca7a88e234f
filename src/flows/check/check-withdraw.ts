/** Takes a success back from a commit that no open pull request has as its head any more. */

import { createHash } from "node:crypto";
import { type Result, ok } from "../../model/failure.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { readAudit } from "../../signoff/audit.ts";
import { signoffCheck } from "../../signoff/check-name.ts";
import { publishReport } from "./check-publish.ts";
import type { World } from "../world.ts";

const title = "No open pull request has this commit as its head.";
const summary = `${title} It is judged again when one has.`;
const externalId = createHash("sha256").update(title).digest("hex");

/**
 * What was signed off in a pull request that is closed would else let the next one pass that is opened with the same commit,
 * or the same one opened again, until it is judged. What was merged stays as it is: it is the record of the landing.
 */
export async function withdrawSuccess(
  world: World,
  repository: RepositoryRef,
  { checks, pulls }: RepositoryForge,
  sha: string,
): Promise<Result<void>> {
  const runs = await checks.list(sha, signoffCheck);
  if (!runs.ok) return tolerated(runs);
  const [newest] = runs.value;
  if (newest?.conclusion !== "success") return ok(undefined);
  const judged = readAudit(newest.text ?? "");
  for (const { pull: number } of judged) {
    const pull = await pulls.get(number);
    if (!pull.ok) return tolerated(pull);
    if (pull.value.merged) return ok(undefined);
  }
  if (judged.length === 0) return ok(undefined);
  const report = {
    name: signoffCheck,
    sha,
    externalId,
    conclusion: "action_required",
    title,
    summary,
  } as const;
  const published = await publishReport(world, repository, checks, report);
  return published.ok ? ok(undefined) : tolerated(published);
}

/** A commit that is gone, or a repository that is archived, has nothing to take back. */
function tolerated(failed: Extract<Result<never>, { ok: false }>): Result<void> {
  const { code } = failed.failure;
  return code === "not-found" || code === "rejected" || code === "forbidden" ? ok(undefined) : failed;
}
