/** Credentials from a Docker `config.json`: https://docs.docker.com/reference/cli/docker/login/ */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Result, fail, ok } from "../model/failure.ts";
import { normaliseHost } from "../model/image.ts";
import { type CredentialHelpers, isHelperName } from "./credential-helper.ts";
import type { Credentials, FindCredentials } from "./credentials.ts";

export interface DockerCredentials {
  /**
   * Of exactly this host and port, never of a part of it; any name of Docker Hub finds Docker Hub's. A key with a path
   * (`ghcr.io/acme`) is for what is below it, and the longest one wins: man 5 containers-auth.json.
   */
  readonly credentials: FindCredentials;
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

const helperSchema = z.string().refine(isHelperName);
const schema = z.looseObject({
  auths: z.record(z.string(), entrySchema).default({}),
  credsStore: helperSchema.or(z.literal("")).optional(),
  credHelpers: z.record(z.string(), helperSchema).default({}),
});
type Config = z.output<typeof schema>;

/** Where credentials come from for one place, a host or a path of it. */
type Source = Credentials | { readonly helper: string };

/** Reads `config.json` of a folder, as `DOCKER_CONFIG` names one; without the file there are no credentials. */
export async function readDockerConfig(
  folder: string,
  helpers: CredentialHelpers,
): Promise<Result<DockerCredentials>> {
  const file = join(folder, "config.json");
  try {
    return await dockerCredentials(JSON.parse(await readFile(file, "utf8")), helpers);
  } catch (cause) {
    if (cause instanceof SyntaxError) return fail("malformed", `${file} is not JSON`);
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      return dockerCredentials({}, helpers);
    }
    return fail("unavailable", `${file} cannot be read`, { cause });
  }
}

/** Judges the parsed file; `malformed` names the entry that is wrong, never its value. */
export async function dockerCredentials(
  config: unknown,
  helpers: CredentialHelpers,
): Promise<Result<DockerCredentials>> {
  const parsed = schema.safeParse(config);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") ?? "";
    return fail(
      "malformed",
      `Docker config.json: ${place === "" ? "not an object" : place} is not as it should be`,
    );
  }
  const notices: string[] = [];
  const auths = authsOf(parsed.data, notices);
  if (!auths.ok) return auths;
  const named = await helpersOf(parsed.data, helpers, notices);
  const places = [named.places, auths.value];
  return ok({
    credentials: (host, repository) => find(places, named.store, helpers, { host, repository }),
    notices,
  });
}

/** Helpers are asked before what the file itself says of the same place, the store that is for every host at last. */
async function find(
  places: readonly ReadonlyMap<string, Source>[],
  store: string | undefined,
  helpers: CredentialHelpers,
  { host, repository }: { readonly host: string; readonly repository: string },
): Promise<Result<Credentials | undefined>> {
  const normal = normaliseHost(host);
  const sources = placesAbove(normal, repository).flatMap((place) => places.map((map) => map.get(place)));
  for (const source of [...sources, store === undefined ? undefined : { helper: store }]) {
    if (source === undefined) continue;
    if (!("helper" in source)) return ok(source);
    const answer = await helpers.get(source.helper, serverName(normal));
    if (!answer.ok || answer.value !== undefined) return answer;
  }
  return ok(undefined);
}

/** `ghcr.io/acme/web`, `ghcr.io/acme`, `ghcr.io`. */
function placesAbove(host: string, repository: string): string[] {
  const parts = repository.split("/");
  return [...parts.map((_, index) => [host, ...parts.slice(0, parts.length - index)].join("/")), host];
}

/** Docker keeps the credentials of Docker Hub under this address. */
function serverName(host: string): string {
  return host === "docker.io" ? "https://index.docker.io/v1/" : host;
}

function authsOf({ auths }: Config, notices: string[]): Result<ReadonlyMap<string, Source>> {
  const found = new Map<string, Source>();
  for (const [key, entry] of Object.entries(auths)) {
    const place = placeOf(key);
    const own = credentialsOf(entry);
    if (place === undefined) notices.push(notUsed(`"${key}" is not a registry host`));
    else if (own === "malformed") {
      return fail("malformed", `Docker config.json: auths.${key}.auth is not base64 of name:password`);
    } else if (own !== undefined && !found.has(place)) found.set(place, own);
    else if (entry.registrytoken !== undefined) {
      notices.push(notUsed(`the registrytoken for ${place} is of a kind that expires`));
    }
  }
  return ok(found);
}

async function helpersOf(
  { credHelpers, credsStore }: Config,
  helpers: CredentialHelpers,
  notices: string[],
): Promise<{ readonly places: ReadonlyMap<string, Source>; readonly store: string | undefined }> {
  const places = new Map<string, Source>();
  for (const [key, helper] of Object.entries(credHelpers)) {
    const place = placeOf(key);
    if (place === undefined) notices.push(notUsed(`"${key}" is not a registry host`));
    else if (await helpers.isInstalled(helper)) places.set(place, { helper });
    else notices.push(notUsed(`docker-credential-${helper} for ${place} is not on the PATH`));
  }
  if (!credsStore) return { places, store: undefined };
  if (await helpers.isInstalled(credsStore)) return { places, store: credsStore };
  notices.push(notUsed(`docker-credential-${credsStore} for all registries is not on the PATH`));
  return { places, store: undefined };
}

function notUsed(why: string): string {
  return `Docker config.json: ${why}, so it is not used.`;
}

/** `https://index.docker.io/v1/`, `ghcr.io` and `localhost:5000` name a host; `ghcr.io/acme` names a part of one. */
function placeOf(key: string): string | undefined {
  const [, host, path] = /^(?:https?:\/\/)?([A-Za-z0-9.-]+(?::\d+)?)(\/.*)?$/.exec(key) ?? [];
  if (host === undefined) return undefined;
  const below = (path ?? "").replace(/\/$/, "");
  if (below === "" || /^\/v[12]$/.test(below)) return normaliseHost(host);
  return /^(?:\/[a-z0-9._-]+)+$/.test(below) ? normaliseHost(host) + below : undefined;
}

/** An entry without anything marks a place whose credentials a helper keeps. */
function credentialsOf({
  auth,
  identitytoken,
  password,
  username,
}: Entry): Credentials | "malformed" | undefined {
  if (identitytoken !== undefined && identitytoken !== "") return { identityToken: identitytoken };
  if (auth !== undefined && auth !== "") {
    const text = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
    const colon = text.indexOf(":");
    if (colon < 1) return "malformed";
    const pair = { username: text.slice(0, colon), password: text.slice(colon + 1) };
    return pair.password === "" ? undefined : pair;
  }
  return username === undefined || password === undefined ? undefined : { username, password };
}
