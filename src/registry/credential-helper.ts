/** Programs that keep registry credentials: https://github.com/docker/docker-credential-helpers#development */

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Credentials } from "./credentials.ts";

/** By name, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The helpers of this machine. */
export interface CredentialHelpers {
  /** Whether `docker-credential-<name>` is on the PATH. */
  isInstalled(name: string): Promise<boolean>;
  /** What a helper keeps for a server, asked at most once a minute; undefined where it keeps nothing. */
  get(name: string, server: string): Promise<Result<Credentials | undefined>>;
}

/** Only such a name becomes a part of a program's name. */
const helperName = /^[a-z0-9-]{1,64}$/;
const deadlineMs = 10_000;
const maximumBytes = 64 * 1024;
/** Helpers hand out tokens that expire, and keep those themselves. */
const keptMs = 60_000;
const tokenUser = "<token>";
/** Settings of ours that no other program is to see. */
const withheld = ["PRIVATE_KEY", "WEBHOOK_SECRET", "LOCKKEEPER_REGISTRY_SECRET"];

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** Whether a text of the configuration can be the name of a helper. */
export function isHelperName(name: string): boolean {
  return helperName.test(name);
}

/** Runs helpers with this environment, but for our own secrets. */
export function createCredentialHelpers(environment: Environment): CredentialHelpers {
  const kept = new Map<string, { readonly since: number; readonly answer: ReturnType<typeof ask> }>();
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !withheld.includes(name)));
  return {
    isInstalled: async (name) => {
      const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
      const found = await Promise.all(folders.map((folder) => isProgram(join(folder, programOf(name)))));
      return found.includes(true);
    },
    get: (name, server) => {
      const key = `${name} ${server}`;
      const known = kept.get(key);
      if (known !== undefined && performance.now() - known.since < keptMs) return known.answer;
      const answer = ask(name, server, env);
      kept.set(key, { since: performance.now(), answer });
      return answer;
    },
  };
}

function programOf(name: string): string {
  return `docker-credential-${name}`;
}

async function isProgram(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Nothing that the helper writes is repeated: it may be a secret. */
async function ask(
  name: string,
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<Credentials | undefined>> {
  if (!isHelperName(name)) return fail("malformed", "a credential helper has a name that none can have");
  const { error, output } = await run(programOf(name), server, env);
  if (error !== null && /credentials not found/i.test(output)) return ok(undefined);
  const parsed = error === null ? parseAnswer(output) : undefined;
  if (parsed === undefined) {
    return fail(
      "unauthorized",
      `the credential helper ${programOf(name)} gives no credentials for ${server}`,
    );
  }
  const { Secret: secret, Username: username } = parsed;
  if (secret === "") return ok(undefined);
  return ok(username === tokenUser ? { identityToken: secret } : { username, password: secret });
}

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly error: Error | null; readonly output: string }> {
  const limits = { timeout: deadlineMs, maxBuffer: maximumBytes, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    const child = execFile(program, ["get"], { env, ...limits }, (error, output) =>
      resolve({ error, output }),
    );
    // A helper that ends before it has read its input is judged by what it answered.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function parseAnswer(output: string): z.output<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(output)).data;
  } catch {
    return undefined;
  }
}
