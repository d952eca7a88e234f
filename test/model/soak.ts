/**
 * `npm run test:soak`: the long searches. Random lives of a repository, random pushes and reviews of a pull request, properties
 * on other cases than `npm test` has, a kill of `serve` at every write and of a deployment at every request, drift among
 * hundreds of objects, and watches that are cut again and again.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type SignoffSearch, searchSignoff } from "../attacks/lives.ts";
import { type Findings, type Search, explore } from "./explore.ts";

const usage = `npm run test:soak -- [--only model|signoff|properties|kill|apply|drift|watch] [--seed N] [--runs M] [--path P] [--lanes L]

  --only   one of the searches; all without it
  --seed   of the random lives, each lane taking the next one, and of the properties; default 1
  --runs   how many lives; default 1000
  --path   the life to begin with, as a failure tells it
  --lanes  processes at one time; default one for each processor`;

const root = join(import.meta.dirname, "..", "..");
const started = performance.now();

async function modelSearch(search: Search, lanes: number): Promise<boolean> {
  const share = Math.ceil(search.runs / lanes);
  const made = Array.from({ length: lanes }, () => 0);
  const found = await Promise.all(
    made.map(async (_, lane) => {
      const runs = Math.min(share, search.runs - lane * share);
      if (runs <= 0) return { runs: 0, story: null, faults: nothing };
      const findings = await inProcess({ ...search, seed: search.seed + lane, runs }, (done) => {
        made[lane] = done;
        progress(made.reduce((sum, each) => sum + each, 0));
      });
      if (findings.story !== null) process.stdout.write(`\n${findings.story}\n\n`);
      return findings;
    }),
  );
  const sum = (of: (findings: Findings) => number): number => found.reduce((all, one) => all + of(one), 0);
  const [conflicts, doubled, resurrected, other] = (
    ["conflict", "doubled", "resurrected", "other"] as const
  ).map((fault) => sum(({ faults }) => faults[fault]));
  const more = other === 0 ? "" : `, ${other} other faults`;
  process.stdout.write(
    `${sum(({ runs }) => runs)} runs, ${conflicts} conflicts, ${doubled} doubled, ${resurrected} resurrected${more}\n`,
  );
  return found.every(({ story }) => story === null);
}

const nothing = { conflict: 0, doubled: 0, resurrected: 0, other: 0 };

/** Most of what a life makes is soon forgotten: room for it spares the collector work. Megabytes. */
const fewCollections = ["--max-semi-space-size=64"];

/** A life uses one processor: more of them need more processes. */
async function inProcess(search: Search, done: (runs: number) => void): Promise<Findings> {
  const lane = [...fewCollections, import.meta.filename, "--lane", JSON.stringify(search)];
  const child = spawn(process.execPath, lane, {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let findings: Findings | undefined;
  child.on("message", (message: number | Findings) => {
    if (typeof message === "number") done(message);
    else findings = message;
  });
  const code = await ended(child);
  if (findings === undefined) throw new Error(`a lane ended with ${code}, and found nothing`);
  return findings;
}

/** What such a process does: it tells its parent how far it is, and then what it found. */
async function explored(search: Search): Promise<void> {
  const findings = await explore({ ...search, done: (runs) => process.send?.(runs) });
  process.send?.(findings);
  process.disconnect();
}

async function ended(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

let told = 0;

function progress(runs: number): void {
  if (runs < told + 100) return;
  told = runs;
  process.stderr.write(`${runs} runs after ${Math.round((performance.now() - started) / 1000)} s\n`);
}

/** In this process: the sandbox does the work of such a life, and keeps one processor busy. */
async function signoffSearch(search: SignoffSearch): Promise<boolean> {
  told = 0;
  const { runs, passed, story } = await searchSignoff({ ...search, done: progress });
  if (story !== null) process.stdout.write(`\n${story}\n\n`);
  const wrong = story === null ? "nothing" : "something";
  process.stdout.write(`${runs} lives of pull requests, ${passed} passed, ${wrong} that nobody approved\n`);
  return story === null;
}

/** The suites of some places, with all that they leave out where time is short. */
async function suitesOf(places: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const child = spawn(process.execPath, ["test/real/run.ts", ...places], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, LOCKKEEPER_SOAK: "1", ...env },
  });
  return (await ended(child)) === 0;
}

function propertySuites(): readonly string[] {
  const suites = globSync("test/**/*.test.ts", { cwd: root });
  return suites.filter((path) => readFileSync(join(root, path), "utf8").includes('from "fast-check"'));
}

const options = {
  only: { type: "string" },
  seed: { type: "string", default: "1" },
  runs: { type: "string", default: "1000" },
  path: { type: "string" },
  lanes: { type: "string", default: String(availableParallelism()) },
  help: { type: "boolean" },
} as const;

async function soak(): Promise<number> {
  const { values } = parseArgs({ options });
  const { help, only, path } = values;
  if (help === true) process.stdout.write(`${usage}\n`);
  if (help === true) return 0;
  const [seed = 0, runs = 0, lanes = 0] = [values.seed, values.runs, values.lanes].map(Number);
  if (![seed, runs, lanes].every(Number.isSafeInteger))
    throw new TypeError("--seed, --runs and --lanes are numbers");
  const searches: Readonly<Record<string, () => Promise<boolean>>> = {
    model: () => modelSearch({ seed, runs, path }, path === undefined ? lanes : 1),
    signoff: () => signoffSearch({ seed, runs, path }),
    properties: () => suitesOf(propertySuites(), { LOCKKEEPER_SEED: String(seed) }),
    kill: () => suitesOf(["test/e2e"]),
    apply: () => suitesOf(["test/flows/deploy/apply-crash.test.ts"]),
    drift: () => suitesOf(["test/flows/drift/drift-proof.test.ts"]),
    watch: () => suitesOf(["test/flows/drift/watch-cuts.test.ts"]),
  };
  if (only !== undefined && !Object.hasOwn(searches, only))
    throw new TypeError(`--only is one of ${Object.keys(searches).join(", ")}`);
  let good = true;
  for (const [name, search] of Object.entries(searches))
    if (only === undefined || only === name) good = (await search()) && good;
  return good ? 0 : 1;
}

const [, , role, search] = process.argv;
if (role === "--lane") await explored(JSON.parse(search ?? "{}") as Search);
else {
  process.exitCode = await soak().catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  });
}
