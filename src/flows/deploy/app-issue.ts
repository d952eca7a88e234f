/** Keeps at most one open issue of a sort for an app, and lets it follow what is true now. */

import { type Result, ok } from "../../model/failure.ts";
import type { Issue, RepositoryForge } from "../../ports/forge.ts";
import { isRecord } from "../../rollout/json-path.ts";
import { makeMarker, readMarker } from "../../text/marker.ts";
import type { DeployMemory } from "./deploy-world.ts";

export interface IssueSort {
  /** The kind of its marker, which holds the app's hash as `app`. */
  readonly marker: string;
  readonly label: string;
  readonly app: string;
}

export interface IssueText {
  readonly title: string;
  readonly body: string;
}

type Known = DeployMemory["issues"];

/** The number of the open issue, or null. Asked of GitHub once; afterwards we know, because only we open it. */
export async function openIssue(
  forge: RepositoryForge,
  known: Known,
  sort: IssueSort,
): Promise<Result<number | null>> {
  const key = `${sort.marker} ${sort.app}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return ok(remembered?.number ?? null);
  const listed = await forge.issues.ours(sort.label);
  if (!listed.ok) return listed;
  const issue = issueAbout(listed.value, sort);
  known.set(key, issue === undefined ? null : { number: issue.number, text: textOf(issue) });
  return ok(issue?.number ?? null);
}

/** The open one of a sort, among issues of ours. */
export function issueAbout(
  issues: readonly Issue[],
  { marker: kind, app }: Pick<IssueSort, "marker" | "app">,
): Issue | undefined {
  return issues.find(({ state, pull, body }) => {
    const marker = readMarker(body, kind);
    return state === "open" && !pull && isRecord(marker) && marker["app"] === app;
  });
}

/** Opens the issue, or brings the open one up to date. */
export async function keepIssue(
  forge: RepositoryForge,
  known: Known,
  sort: IssueSort,
  text: IssueText,
): Promise<Result<number>> {
  const key = `${sort.marker} ${sort.app}`;
  const number = await openIssue(forge, known, sort);
  if (!number.ok) return number;
  if (number.value !== null && known.get(key)?.text === textOf(text)) return ok(number.value);
  const written =
    number.value === null
      ? await forge.issues.create({ ...text, labels: [sort.label] })
      : await forge.issues.update(number.value, { ...text, state: "open" });
  if (!written.ok) {
    known.delete(key);
    return written;
  }
  known.set(key, { number: written.value.number, text: textOf(text) });
  return ok(written.value.number);
}

/** Whoever finds a closed issue later should not take it for the present. */
const overText = "**This is over.** What it said last:\n\n";
/** Characters that GitHub takes. */
const maximumBody = 65_536;

/** Closes the issue, if there is one, with one comment that says why. */
export async function closeIssue(
  forge: RepositoryForge,
  known: Known,
  sort: IssueSort,
  why: string,
): Promise<Result<void>> {
  const number = await openIssue(forge, known, sort);
  if (!number.ok) return number;
  if (number.value === null) return ok(undefined);
  const comments = await forge.issues.comments(number.value);
  if (!comments.ok) return comments;
  const last = comments.value.filter((comment) => comment.ours).at(-1);
  if (last === undefined || readMarker(last.body, "closed") === undefined) {
    const said = await forge.issues.comment(
      number.value,
      `${why}\n\n${makeMarker("closed", { app: sort.app })}`,
    );
    if (!said.ok) return said;
  }
  const [, ...lines] = (known.get(`${sort.marker} ${sort.app}`)?.text ?? "").split("\n");
  const body = `${overText}${lines.join("\n")}`;
  const isKnown = lines.length > 0 && body.length < maximumBody;
  const closed = await forge.issues.update(number.value, { state: "closed", ...(isKnown && { body }) });
  if (!closed.ok) return closed;
  known.set(`${sort.marker} ${sort.app}`, null);
  return ok(undefined);
}

function textOf({ title, body }: IssueText): string {
  return `${title}\n${body}`;
}
