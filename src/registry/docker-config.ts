/** Credentials from a Docker `config.json`: https://docs.docker.com/reference/cli/docker/login/ */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import { normaliseHost } from "./registry-host.ts";
import type { Credentials } from "./tokens.ts";

export interface DockerCredentials {
  /** Exactly this host and port, never a part of it; any name of Docker Hub finds Docker Hub's. */
  readonly credentials: (host: string) => Credentials | undefined;
  /** What the file asks for and does not get, one sentence each, to be shown at the start. */
  readonly notices: readonly string[];
}

const entrySchema = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
type Entry = z.output<typeof entrySchema>;

const schema = z.looseObject({
  auths: z.record(z.string(), entrySchema).default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

/** Reads `config.json` of a folder, as `DOCKER_CONFIG` names one; without the file there are no credentials. */
export async function readDockerConfig(folder: string): Promise<Result<DockerCredentials>> {
  const file = join(folder, "config.json");
  try {
    return dockerCredentials(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if (cause instanceof SyntaxError) return fail("malformed", `${file} is not JSON`);
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return dockerCredentials({});
    return fail("unavailable", `${file} cannot be read`, { cause });
  }
}

/** Judges the parsed file; `malformed` names the entry that is wrong, never its value. */
export function dockerCredentials(config: unknown): Result<DockerCredentials> {
  const parsed = schema.safeParse(config);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") ?? "";
    return fail(
      "malformed",
      `Docker config.json: ${place === "" ? "not an object" : place} is not as it should be`,
    );
  }
  const { auths, credHelpers, credsStore } = parsed.data;
  const found = new Map<string, Credentials>();
  const notices: string[] = [];
  for (const [key, entry] of Object.entries(auths)) {
    const host = hostOf(key);
    const pair = pairOf(entry);
    if (host === undefined)
      notices.push(`Docker config.json: "${key}" is not a registry host, so it is not used.`);
    else if (pair === "malformed")
      return fail("malformed", `Docker config.json: auths.${key}.auth is not base64 of name:password`);
    else if (pair !== undefined && !found.has(host)) found.set(host, pair);
    else if (entry.identitytoken !== undefined || entry.registrytoken !== undefined) {
      notices.push(`Docker config.json: the token for ${host} is not used; only a name and password are.`);
    }
  }
  if (credsStore !== undefined) notices.push(helperNotice(credsStore, "all registries"));
  for (const [key, helper] of Object.entries(credHelpers)) notices.push(helperNotice(helper, key));
  return ok({ credentials: (host) => found.get(normaliseHost(host)), notices });
}

function helperNotice(helper: string, what: string): string {
  return `Docker config.json: the credential helper "${helper}" for ${what} is not used; only auths with a name and password are.`;
}

/** `https://index.docker.io/v1/`, `ghcr.io` and `localhost:5000` name a host; `ghcr.io/acme` names a part of one. */
function hostOf(key: string): string | undefined {
  const rest = /^(?:https?:\/\/)?([A-Za-z0-9.-]+(?::\d+)?)(?:\/(?:v[12]\/?)?)?$/.exec(key)?.[1];
  return rest === undefined ? undefined : normaliseHost(rest);
}

function pairOf(entry: Entry): Credentials | "malformed" | undefined {
  if (entry.auth !== undefined && entry.auth !== "") {
    const text = Buffer.from(entry.auth, "base64").toString("utf8").replace(/\0+$/, "");
    const colon = text.indexOf(":");
    if (colon < 1) return "malformed";
    const pair = { username: text.slice(0, colon), password: text.slice(colon + 1) };
    return pair.password === "" ? undefined : pair;
  }
  const { password, username } = entry;
  return username === undefined || password === undefined ? undefined : { username, password };
}
