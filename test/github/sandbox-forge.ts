/** The adapter on the sandbox's GitHub: a repository with a few files, people and our App. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { GitHubForge } from "../../src/github/forge.ts";
import { createForge } from "../../src/github/forge.ts";
import type { Result } from "../../src/model/failure.ts";
import type { RepositoryRef } from "../../src/model/repository.ts";
import { type SandboxGitHub, startGitHub } from "../../src/sandbox/github.ts";

interface Manifest {
  default_permissions: Record<string, "read" | "write">;
  default_events: string[];
}
const manifest = parse(readFileSync(join(import.meta.dirname, "..", "..", "app.yml"), "utf8")) as Manifest;

export interface Setting {
  readonly github: SandboxGitHub;
  readonly forge: GitHubForge;
  readonly repository: RepositoryRef;
  /** Calls the API as a person; answers the status and the id of what was made. */
  as(login: string, method: string, path: string, body?: object): Promise<{ status: number; id: number }>;
  /** Lets seconds pass on the side of GitHub. */
  pass(): void;
}

export const files = new Map([
  ["README.md", "hello\n"],
  ["apps/web/deployment.yaml", "image: acme/web:1.0.0\n"],
  ["apps/web/service.yaml", "kind: Service\n"],
]);

/** Its people: ada maintains, grace writes and is in the team acme/sre, mallory reads. */
export async function openSetting(more: ReadonlyMap<string, string> = new Map()): Promise<Setting> {
  let ahead = 0;
  const github = await startGitHub({
    clock: { now: () => new Date(Date.now() + ahead) },
    app: {
      slug: "lockkeeper",
      name: "Lockkeeper",
      permissions: manifest.default_permissions,
      events: manifest.default_events,
    },
  });
  const tokens = new Map(["ada", "grace", "mallory"].map((login) => [login, github.addUser(login)]));
  github.addOrganisation("acme", ["ada", "grace"]);
  github.addTeam("acme", "sre", ["grace"]);
  const made = await github.addRepository("acme", "gitops", {
    files: new Map([...files, ...more]),
    permissions: { ada: "maintain", grace: "write", mallory: "read" },
  });
  const [installation] = github.install([made]);
  const forge = createForge({
    appId: github.appId,
    privateKey: github.privateKey,
    baseUrl: github.apiUrl,
    pacing: false,
  });
  const repository = { id: made.id, owner: "acme", name: "gitops", installation: installation!.id };
  const as: Setting["as"] = async (login, method, path, body) => {
    const response = await fetch(`${github.apiUrl}/repos/acme/gitops${path}`, {
      method,
      headers: { authorization: `token ${tokens.get(login)}`, "user-agent": "test" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const data = (await response.json()) as { id?: number };
    return { status: response.status, id: data.id ?? 0 };
  };
  return { github, forge, repository, as, pass: () => void (ahead += 5000) };
}

/** The value of a result that must have succeeded. */
export async function value<T>(result: Promise<Result<T>>): Promise<T> {
  const awaited = await result;
  if (!awaited.ok) throw new Error(`${awaited.failure.code}: ${awaited.failure.message}`);
  return awaited.value;
}

/** The code of a failure; `ok` where there was none. */
export async function code(result: Promise<Result<unknown>>): Promise<string> {
  const awaited = await result;
  return awaited.ok ? "ok" : awaited.failure.code;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (content: Uint8Array | undefined): string => new TextDecoder().decode(content);
