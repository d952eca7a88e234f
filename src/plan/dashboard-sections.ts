/** The sections of a dashboard: each lists one sort of fact, as much of it as there is room for. */

import { type BoxOrder, box } from "../commands/box.ts";
import { minuteOf as pauseEnd } from "../rollout/pause.ts";
import { inertProse, inertSpan } from "../text/inert.ts";
import { fold, table } from "../text/markdown.ts";
import type { DashboardFacts } from "./dashboard-facts.ts";
import { registryAdvice } from "./registry-advice.ts";

/** Characters of one section: all of them together, with the markers, stay below what GitHub takes. */
const room = 4000;

/** Heading and text of a section; null where it has nothing to say. A new one is a function and a line here. */
type Section = (facts: DashboardFacts) => string | null;

export const sections: readonly Section[] = [
  problems,
  overlaps,
  paused,
  failing,
  open,
  waiting,
  young,
  held,
  observed,
  apps,
  untracked,
];

function problems({ problems }: DashboardFacts): string | null {
  const lines = problems.map(
    ({ file, line, column, message }) =>
      `- ${inertSpan(`${file}:${line}:${column}`)} ${inertSpan(message, 500)}`,
  );
  const about = "Nothing is scanned or proposed until the configuration is understood again.";
  return section("Problems of the configuration", about, list(lines));
}

function overlaps({ overlaps }: DashboardFacts): string | null {
  const lines = overlaps.map((sentence) => `- ${inertSpan(sentence, 500)}`);
  return section("Apps that get in each other's way", null, list(lines));
}

function paused({ paused }: DashboardFacts): string | null {
  const lines = paused.map(
    ({ name, until, by, why }) =>
      `- ${inertSpan(name)} until ${pauseEnd(until)}, by ${inertSpan(by)}: ${inertProse(why, 300)}`,
  );
  const about = "Nothing of these apps is applied or healed. `/lockkeeper unpause <app>` ends that before.";
  return section("Paused", about, list(lines));
}

/** One row for each registry and way to fail. */
function failing({ failing }: DashboardFacts): string | null {
  const groups = new Map<
    string,
    { registry: string; code: (typeof failing)[number]["code"]; images: string[] }
  >();
  for (const { registry, image, code } of failing) {
    const key = `${registry} ${code}`;
    const group = groups.get(key) ?? { registry, code, images: [] };
    if (!group.images.includes(image)) group.images.push(image);
    groups.set(key, group);
  }
  const rows = [...groups.values()].map(({ registry, code, images }) => {
    const { what, advice } = registryAdvice(code);
    return [inertSpan(registry), some(images), what, advice];
  });
  const about = "Their images wait, with their pull requests as they are; all others go on.";
  return section(
    "Registries that fail",
    about,
    rowsIn(["Registry", "Images", "What it says", "What to do"], rows),
  );
}

function open({ open }: DashboardFacts): string | null {
  const byNumber = open.toSorted((a, b) => a.number - b.number);
  const lines = byNumber.map(({ number, title, edited }) => {
    const note = edited ? "; somebody else has pushed to it, and ticking drops that" : "";
    const command = edited ? "discard-edits" : "rebase";
    return box({ command, pull: number }, `${pullLink(number)} ${inertSpan(title)}${note}`);
  });
  return section("Open", "Tick a box to have the branch built anew on the default branch.", list(lines));
}

function waiting({ waiting }: DashboardFacts): string | null {
  const lines = waiting.map(({ branch, title, reason, openable }) => {
    const text = `${inertSpan(title)}: ${inertProse(reason, 300)}`;
    const order: BoxOrder = { command: "open", branch };
    return openable ? box(order, text) : `- ${text}`;
  });
  const about = waiting.some(({ openable }) => openable)
    ? "Tick a box to have it opened now all the same."
    : null;
  return section("Waiting", about, list(lines));
}

function young({ young }: DashboardFacts): string | null {
  const lines = young.map(
    ({ image, tag, environment, until }) =>
      `- ${inertSpan(image)} ${inertSpan(tag)} in ${inertSpan(environment)}, from ${minuteOf(until)} on`,
  );
  const about =
    "These wait for their minimum age. It counts from when Lockkeeper saw an image first, or from when it was made where that is later.";
  return section("Waiting to be old enough", about, list(lines));
}

function held({ held }: DashboardFacts): string | null {
  const lines = held.map(({ image, value, file, pull, reason }) => {
    const how = reason === "closed" ? "was closed" : "was merged and taken back";
    const text = `${inertSpan(image)} ${inertSpan(value)} in ${inertSpan(file)}, as ${pullLink(pull)} ${how}`;
    return box({ command: "resume", pull }, text);
  });
  const about =
    "Versions that were said no to. Tick a box to have them proposed again; a later one is proposed as soon as there is one.";
  return section("Held", about, list(lines));
}

function observed({ observed }: DashboardFacts): string | null {
  const rows = observed
    .toSorted((a, b) => Number(a.to === null) - Number(b.to === null))
    .map(({ place, image, from, to }) => [
      inertSpan(place),
      inertSpan(image),
      inertSpan(from),
      to === null ? "stays" : inertSpan(to),
    ]);
  const about =
    "Apps in mode `observe` get no pull request. This is what would be proposed in mode `propose`.";
  return section("Would be proposed", about, rowsIn(["Place", "Image", "Now", "Would become"], rows));
}

function apps({ apps }: DashboardFacts): string | null {
  const rows = apps.map(({ app, images }) => [
    inertSpan(app.name),
    inertSpan(app.path),
    `[${inertSpan(app.environment)}](../deployments/${pathPart(app.environment)})`,
    app.mode,
    String(images),
  ]);
  const about = "The link of an environment leads to what was applied there, commit by commit.";
  return section("Apps", about, rowsIn(["App", "Folder", "Environment", "Mode", "Images"], rows));
}

function untracked({ untracked }: DashboardFacts): string | null {
  if (untracked.length === 0) return null;
  const rows = untracked.map(({ file, line, reason }) => [
    inertSpan(`${file}:${line}`),
    inertSpan(reason, 300),
  ]);
  const count = untracked.length === 1 ? "1 place" : `${untracked.length} places`;
  return fold(`Found and not tracked: ${count}`, rowsIn(["Place", "Why"], rows) ?? "");
}

function section(heading: string, about: string | null, text: string | null): string | null {
  if (text === null) return null;
  return [`## ${heading}`, ...(about === null ? [] : [about]), text].join("\n\n");
}

/** As many lines as there is room for; null where there are none. */
function list(lines: readonly string[]): string | null {
  if (lines.length === 0) return null;
  const shown = fitting(lines);
  const more = lines.length - shown;
  return [...lines.slice(0, shown), ...(more > 0 ? ["", `_and ${more} more_`] : [])].join("\n");
}

function rowsIn(head: readonly string[], rows: readonly (readonly string[])[]): string | null {
  if (rows.length === 0) return null;
  return table(head, rows, fitting(rows.map((cells) => cells.join(" | "))));
}

function fitting(lines: readonly string[]): number {
  let left = room;
  const first = lines.findIndex((line) => (left -= line.length + 5) < 0);
  return first < 0 ? lines.length : Math.max(1, first);
}

/** Up to three, and how many more. */
function some(texts: readonly string[]): string {
  const more = texts.length - 3;
  return (
    texts
      .slice(0, 3)
      .map((text) => inertSpan(text))
      .join(", ") + (more > 0 ? ` and ${more} more` : "")
  );
}

/** By address and not by number: a number would leave a note on the pull request with every change of this text. */
function pullLink(number: number): string {
  return `[#${number}](../pull/${number})`;
}

/** `2026-06-10 14:05 UTC`, never too early. */
function minuteOf(seconds: number): string {
  const text = new Date(Math.ceil(seconds / 60) * 60_000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** A name as a part of an address in a Markdown link, which a bracket would end. */
function pathPart(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll("(", "%28").replaceAll(")", "%29");
}
