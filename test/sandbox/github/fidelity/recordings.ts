/** Exchanges that others recorded from github.com, and how an answer is compared with a recorded one. */
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** One exchange; numbers, dates and commit ids were replaced by made-up ones when it was recorded. */
export interface Recording {
  readonly scope: string;
  readonly method: string;
  readonly path: string;
  /** "" where there was none. */
  readonly body: unknown;
  readonly status: number;
  /** "" where there was none. */
  readonly response: unknown;
  readonly responseIsBinary: boolean;
  readonly reqheaders: Readonly<Record<string, string | number>>;
  readonly headers: Readonly<Record<string, string | number>>;
}

const folder = join(
  dirname(createRequire(import.meta.url).resolve("@octokit/fixtures/package.json")),
  "scenarios/api.github.com",
);

/** Names of all scenarios. */
export function scenarios(): string[] {
  return readdirSync(folder);
}

export function recordingsOf(scenario: string): readonly Recording[] {
  return JSON.parse(readFileSync(join(folder, scenario, "normalized-fixture.json"), "utf8")) as Recording[];
}

/** Fields whose values belong to one server and one moment: ids, addresses, times, commits, and counted things. */
const ownValue =
  /(^|_)(id|url|at|sha|date|count|git|self|html|email|signature|payload|size)$|^(open_issues|forks|watchers|public_repos|comments|documentation_url)$/;

/**
 * Where an answer differs from a recorded one: a field that is missing, another kind of value, another length of a list,
 * another value. What the answer has more is judged by the description, which is younger than the recordings.
 */
export function differences(recorded: unknown, answer: unknown, place = ""): string[] {
  if (Array.isArray(recorded)) {
    if (!Array.isArray(answer)) return [`${place} is no list`];
    if (recorded.length !== answer.length)
      return [`${place} has ${answer.length} items, not ${recorded.length}`];
    return recorded.flatMap((item, index) => differences(item, answer[index], `${place}/${index}`));
  }
  if (typeof recorded === "object" && recorded !== null) {
    if (typeof answer !== "object" || answer === null) return [`${place} is no object`];
    return Object.entries(recorded).flatMap(([key, value]) =>
      key in answer
        ? differences(value, (answer as Record<string, unknown>)[key], `${place}/${key}`)
        : [`${place}/${key} is missing`],
    );
  }
  if (typeof recorded !== typeof answer) return [`${place} is ${typeof answer}, not ${typeof recorded}`];
  const key = place.slice(place.lastIndexOf("/") + 1);
  if (recorded === answer || ownValue.test(key)) return [];
  return [`${place} is ${JSON.stringify(answer)}, not ${JSON.stringify(recorded)}`];
}
