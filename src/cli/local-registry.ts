/** The registries as commands on a person's machine reach them. */

import { homedir } from "node:os";
import { join } from "node:path";
import type { Registry } from "../ports/registry.ts";
import { createRegistry } from "../registry/create-registry.ts";
import { createCredentialHelpers } from "../registry/credential-helper.ts";
import { readDockerConfig } from "../registry/docker-config.ts";
import { UsageError } from "./usage-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `notices` are what the Docker configuration asks for and does not get. A broken one is a `UsageError`. */
export async function openLocalRegistry(
  env: Environment,
): Promise<{ readonly registry: Registry; readonly notices: readonly string[] }> {
  const folder = env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const docker = await readDockerConfig(folder, createCredentialHelpers(env));
  if (!docker.ok) throw new UsageError(docker.failure.message);
  const insecureHosts = (env["LOCKKEEPER_INSECURE_REGISTRIES"] ?? "").split(/[\s,]+/).filter(Boolean);
  const { credentials, notices } = docker.value;
  return { registry: createRegistry({ insecureHosts, credentials }), notices };
}

/** For `--help`. */
export const registryHelp =
  "\nReads credentials from DOCKER_CONFIG (a folder, default ~/.docker) and the hosts that may be plain http\n" +
  "or private from LOCKKEEPER_INSECURE_REGISTRIES (separated by commas).";
