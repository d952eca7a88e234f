/** Where the published description does not tell what the live service does. Kept as small as it can be. */

/**
 * Answers that every operation can give although the description lists them only here and there: bad credentials, missing
 * permission or secondary limit, hidden or absent things, rate limits, failures of the service, an unchanged answer to a
 * conditional GET, and the redirect from a renamed repository. All but the last two carry the `basic-error` body.
 */
const everywhere: ReadonlySet<string> = new Set([
  "301",
  "304",
  "307",
  "401",
  "403",
  "404",
  "429",
  "500",
  "502",
  "503",
]);

/**
 * Operations that refuse with 422 what breaks their limits or names no commit, although only their success is described.
 * The limits themselves are in their descriptions.
 */
const refusing: ReadonlySet<string> = new Set([
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
  "POST /repos/{owner}/{repo}/check-runs",
  "POST /repos/{owner}/{repo}/statuses/{sha}",
]);

/** Whether the service gives a status that the description of the operation leaves out. */
export function isKnown(method: string, template: string, status: string): boolean {
  return everywhere.has(status) || (status === "422" && refusing.has(`${method} ${template}`));
}

/** Media types that the documentation of media types names and the description leaves out; their bodies are not JSON. */
export const rawMediaTypes: readonly RegExp[] = [/^application\/vnd\.github\.(v3\.)?(raw|diff|patch|html)/];

/**
 * The service's own links and redirects name a repository by its number, a form that the description leaves out. It stands
 * for the described one.
 */
export function describedPath(path: string): string {
  return path.replace(/^\/repositories\/\d+/, "/repos/{owner}/{repo}");
}

/** Every refusal of the service carries its status in the body too; `validation-error` does not know the field. */
export function asDescribed(status: number, body: unknown): unknown {
  if (status < 400 || typeof body !== "object" || body === null || !("status" in body)) return body;
  const { status: _, ...described } = body;
  return described;
}
