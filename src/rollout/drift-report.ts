/** What people read about drift: the title, the body and the comments of an app's one drift issue. */

import { count } from "../text/count.ts";
import { inertLine, inertProse, inertSpan } from "../text/inert.ts";
import { fitBlocks, fold, table } from "../text/markdown.ts";
import type { Writer } from "./drift.ts";
import { type Finding, byCause } from "./drift-findings.ts";
import { causeText, classWords, findingText, shownObject } from "./drift-words.ts";
import { minuteOf } from "./pause.ts";

export interface DriftSubject {
  readonly name: string;
  /** The commit that was applied. */
  readonly sha: string;
  /** GitHub's address of the repository, so that files can be linked; null without links. */
  readonly webUrl: string | null;
  /** What is said of a pause, as plain text. */
  readonly paused?: string;
  /** `ada`, `acme/sre`: those who own the app's files, and who are mentioned. */
  readonly owners: readonly string[];
}

export interface DriftState {
  /** What is told of. */
  readonly findings: readonly Finding[];
  /** What people have hidden, until when (ISO 8601) and who did. */
  readonly hidden: { readonly count: number; readonly until: string; readonly by: string } | null;
  /** Those that come and go, or did so within the last hour. */
  readonly flapping: readonly string[];
  /** Objects that were healed too often, and who has changed them back. */
  readonly givenUp: readonly { readonly object: string; readonly writer: Writer | null }[];
  /** Objects that differ as well, and of which nothing is known yet. */
  readonly more?: number;
}

const maximumTitle = 200;

/** Names the first thing that happened, and how many more: `web-production: replicas 3 -> 7 by kubectl-edit`. */
export function driftTitle({ name }: DriftSubject, { findings, hidden, flapping }: DriftState): string {
  const groups = byCause(findings);
  const [first] = groups;
  if (first === undefined) {
    const rest = hidden === null ? "drift comes and goes" : `drift is hidden until ${minuteOf(hidden.until)}`;
    return inertLine(`${name}: ${rest}`, maximumTitle);
  }
  const what = `${name}: ${causeText(first)}`;
  const more = groups.length - 1;
  const often = flapping.length > 0 ? ", again and again" : "";
  return inertLine(more === 0 ? `${what}${often}` : `${what}, and ${more} more`, maximumTitle);
}

/** A table of fields with who and when, and what to do about it. `marker` is the hidden ending. */
export function driftBody(subject: DriftSubject, state: DriftState, marker: string): string {
  const { findings, hidden, flapping, givenUp, more = 0 } = state;
  const commit = inertSpan(subject.sha.slice(0, 7));
  const isWhat = findings.length > 0 ? "is not what" : "is at present what";
  return fitBlocks(
    [
      `The cluster ${isWhat} ${commit} says for the app ${inertSpan(subject.name)}.${mentions(subject)}`,
      ...(findings.length > 0 ? [findingTable(subject, findings)] : []),
      ...(more > 0
        ? [`${count(more, "more object")} may differ, and are looked at once these are settled.`]
        : []),
      ...givenUp.map(({ object, writer }) => givenUpText(object, writer)),
      ...(flapping.length > 0 ? [flappingText(flapping)] : []),
      ...(hidden === null ? [] : [hiddenText(hidden)]),
      ...(subject.paused === undefined
        ? []
        : [`The app is ${inertProse(subject.paused)}. Nothing is healed before that.`]),
      "Comment `/lockkeeper heal` to apply Git again, `/lockkeeper adopt` for a pull request that writes into Git what is live, or `/lockkeeper ignore 8h` to hide what is found now. `heal` and `adopt` take the name of one object too, like `Deployment/web`. The issue follows the cluster and closes by itself when the drift is gone.",
    ],
    marker,
  );
}

/** The one place where somebody is called: names from CODEOWNERS, which admit no other characters. */
function mentions({ owners }: DriftSubject): string {
  return owners.length === 0 ? "" : ` Owners of its files: ${owners.map((name) => `@${name}`).join(", ")}.`;
}

const head = ["object", "field", "in Git", "live", "last written by", "where Git says so"];

function findingTable(subject: DriftSubject, findings: readonly Finding[]): string {
  const rows = byCause(findings).map((group) => rowOf(subject, group, findings));
  const together = byCause(findings).filter((group) => group.length > 1);
  const lists = together.map((group) =>
    fold(
      `${group.length} objects`,
      group
        .slice(0, 200)
        .map((one) => `- ${inertSpan(shownObject(one, findings))} (${place(subject, one)})`)
        .join("\n"),
    ),
  );
  return [table(head, rows), ...lists].join("\n\n");
}

function rowOf(subject: DriftSubject, group: readonly Finding[], all: readonly Finding[]): readonly string[] {
  const [first] = group as readonly [Finding, ...Finding[]];
  const { object, field } = first;
  const many = group.length > 1;
  const name = many ? `${group.length} objects` : inertSpan(shownObject(first, all));
  const where = many ? "_listed below_" : place(subject, first);
  if (object.class === "extra") return [name, "", "_not there_", "present", "", ""];
  if (field === null) return [name, "", "present", classWords[object.class], "", where];
  const same = (of: "wanted" | "live") => group.every((one) => one.field?.[of] === field[of]);
  const shown = (of: "wanted" | "live") => (same(of) ? value(field[of]) : "_differs_");
  return [name, inertSpan(field.path), shown("wanted"), shown("live"), manager(field.writer), where];
}

function value(text: string | null): string {
  return text === null ? "_not there_" : inertSpan(text);
}

function place({ webUrl, sha }: DriftSubject, { object, field }: Finding): string {
  const line = field?.line ?? object.line;
  const text = inertSpan(`${object.file}:${line}`);
  if (webUrl === null || object.file.startsWith("(")) return text;
  const path = object.file.split("/").map(encodeURIComponent).join("/");
  return `[${text}](${webUrl}/blob/${sha}/${path.replaceAll(/[()]/g, escape)}#L${line})`;
}

function escape(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

/** Writes that no manager is on record for came under our manager's name or through a subresource that is not tracked. */
function manager(writer: Writer | null): string {
  if (writer === null) return "_not recorded by the API server_";
  const how =
    writer.subresource === undefined ? writer.operation : `${writer.operation} of ${writer.subresource}`;
  const at = writer.time === undefined ? "" : `, last write of that manager ${inertLine(writer.time)}`;
  return `${writer.probable ? "probably " : ""}${inertSpan(writer.manager)} (${inertLine(how)}${at})`;
}

function givenUpText(object: string, writer: Writer | null): string {
  const who = writer === null ? "something that the API server does not record" : inertSpan(writer.manager);
  return `**${inertSpan(object)} is not healed any more for now**: it was put back three times within an hour, and ${who} has written over it each time. Two that undo each other's work go on for ever: end one of them, or leave the field to the other by \`conflicts\` with \`policy: yield\`.`;
}

function flappingText(flapping: readonly string[]): string {
  const list = flapping.slice(0, 20).map((text) => `- ${inertSpan(text)}`);
  return `These come and go, three times or more within the last hour, which is not told of each time:\n\n${list.join("\n")}`;
}

function hiddenText({ count, until, by }: NonNullable<DriftState["hidden"]>): string {
  const findings = count === 1 ? "1 finding" : `${count} findings`;
  return `Hidden until ${minuteOf(until)} by ${inertSpan(by)}: ${findings}.`;
}

export interface DriftNews {
  readonly came: readonly Finding[];
  /** How many of those that were told of are not there any more, and which of them we have put back. */
  readonly gone: number;
  readonly healed: readonly Finding[];
  readonly flapping: readonly string[];
}

/** One comment for everything that happened since the last one; null where nothing is worth one. */
export function newsText({ came, gone, healed, flapping }: DriftNews): string | null {
  const lists = [
    ...(came.length > 0 ? [`Also drifted:\n\n${bullets(byCause(came).map(groupText))}`] : []),
    ...(healed.length > 0 ? [`Applied again as Git says:\n\n${bullets(healed.map(findingText))}`] : []),
    ...(gone > healed.length ? [`${gone - healed.length} of what was reported is as Git says again.`] : []),
    ...(flapping.length > 0
      ? [`This comes and goes, and is not told of each time from now on:\n\n${bullets(flapping)}`]
      : []),
  ];
  return lists.length === 0 ? null : fitBlocks(lists);
}

function groupText(group: readonly Finding[]): string {
  const [first] = group;
  return group.length === 1 && first !== undefined ? findingText(first) : causeText(group);
}

function bullets(texts: readonly string[]): string {
  return texts
    .slice(0, 30)
    .map((text) => `- ${inertSpan(text)}`)
    .join("\n");
}
