/** `lockkeeper why`: why a pull request waits, or why an app is not at the newest commit, and what is to be done next. It writes nothing. */

import type { Command } from "commander";
import { readSettings } from "../config/settings.ts";
import { treeOfPull } from "../flows/check/pull-tree.ts";
import { createForge } from "../github/forge.ts";
import { fullName } from "../model/repository.ts";
import { treeLines } from "../signoff/verdict-tree.ts";
import { createThreads } from "../threads/create-threads.ts";
import { tellApp } from "./why-app.ts";
import { textOrNull } from "./text-or-null.ts";
import { type CommandIo, processIo } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

interface Options {
  readonly json?: boolean;
}

type Answer = (match: RegExpExecArray, options: Options, io: CommandIo) => Promise<number>;

/** What can be asked about, told by the shape of the argument. */
const subjects: readonly { readonly shape: RegExp; readonly answer: Answer }[] = [
  { shape: /^([\w-]+)\/([\w.-]+)#([1-9]\d{0,9})$/, answer: whyPull },
  { shape: /^(?:([\w-]+\/[\w.-]+):)?([^\s#:]+)$/, answer: whyApp },
];

/** Returns the exit code: 0 where nothing is waited for, else 1. An argument of no known shape is a `UsageError`. */
export async function runWhy(subject: string, options: Options, io: CommandIo): Promise<number> {
  for (const { shape, answer } of subjects) {
    const match = shape.exec(subject);
    if (match !== null) return answer(match, options, io);
  }
  throw new UsageError(`"${subject}": name a pull request as OWNER/REPO#NUMBER, or an app`);
}

async function whyPull(
  [, owner = "", name = "", number = ""]: RegExpExecArray,
  options: Options,
  io: CommandIo,
): Promise<number> {
  const read = readSettings(["appId", "privateKey", "apiUrl", "targets"], io.env, textOrNull);
  if (!read.ok) throw unusable(read.problems);
  const { appId, privateKey, apiUrl, targets } = read.settings;
  const forge = createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
  const wanted = `${owner}/${name}`;
  const repositories = await forge.repositories();
  if (!repositories.ok) return failed(io, repositories.failure.message);
  const repository = repositories.value.find((one) => fullName(one).toLowerCase() === wanted.toLowerCase());
  if (repository === undefined) return failed(io, `the App is not installed in ${wanted}`);
  const threads = createThreads();
  const world = { forge, targets, threads, clock: { now: () => new Date() } };
  const place = { repository, forge: forge.open(repository, "look") };
  const tree = await treeOfPull(world, place, Number(number)).finally(() => threads.close());
  if (!tree.ok) return failed(io, tree.failure.message);
  const pull = { repository: fullName(repository), pull: Number(number) };
  io.out(
    options.json === true
      ? `${JSON.stringify({ ...pull, ...tree.value })}\n`
      : `${treeLines(tree.value).join("\n")}\n`,
  );
  return tree.value.satisfied ? 0 : 1;
}

async function whyApp(
  [, repository, app = ""]: RegExpExecArray,
  options: Options,
  io: CommandIo,
): Promise<number> {
  const read = readSettings(["appId", "privateKey", "apiUrl", "targets", "cluster"], io.env, textOrNull);
  if (!read.ok) throw unusable(read.problems);
  const { appId, privateKey, apiUrl, targets, cluster } = read.settings;
  const forge = createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
  const threads = createThreads();
  const world = { forge, targets, threads, clock: { now: () => new Date() } };
  const told = tellApp(world, cluster, { repository, app }, { json: options.json === true, io });
  const code = await told.finally(() => threads.close());
  return code.ok ? code.value : failed(io, code.failure.message);
}

function unusable(problems: readonly string[]): UsageError {
  const lines = problems.map((problem) => `  ${problem}`);
  return new UsageError(`GitHub cannot be asked with these settings:\n${lines.join("\n")}`);
}

function failed(io: CommandIo, message: string): number {
  io.error(`lockkeeper: ${message}\n`);
  return 1;
}

const help = `
Asks GitHub as the App, with APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, GITHUB_API_URL and LOCKKEEPER_TARGETS as for
\`serve\`, through a token that may only read. Exit code 0: nothing is waited for; 1: something is, or GitHub does not
answer. Of an app, the cluster of KUBECONFIG is asked too what it has on record, where there is one.
`;

export function registerWhy(program: Command): void {
  program
    .command("why")
    .description(
      "why a pull request waits, or an app is not at the newest commit: every gate, and what to do next",
    )
    .argument(
      "<subject>",
      "a pull request as OWNER/REPO#NUMBER, or an app by name or folder, as [OWNER/REPO:]APP",
    )
    .option("--json", "print the tree as one line of JSON")
    .addHelpText("after", help)
    .action(async (subject: string, options: Options) => {
      process.exitCode = await runWhy(subject, options, processIo());
    });
}
