/** A sandbox with one repository under sign-off, the App's real adapter onto it, and people who act over its API. */

import { configPath } from "../../src/config/config.ts";
import type { World } from "../../src/flows/world.ts";
import { type GitHubForge, createForge } from "../../src/github/forge.ts";
import type { Key } from "../../src/model/key.ts";
import type { RepositoryRef } from "../../src/model/repository.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { ownManifest, readAppManifest } from "../../src/sandbox/app-manifest.ts";
import { type SandboxGitHub, startGitHub } from "../../src/sandbox/github.ts";
import { createThreads } from "../../src/threads/create-threads.ts";
import { type Answer, call, value } from "./user-call.ts";

export const webFile = "apps/web/production/web.yaml";

/** A Deployment of one image, with a comment above that a test may change. */
export function deployment(tag: string, note = "web"): string {
  return `# ${note}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example/acme/web:${tag}
`;
}

export const config = `apps:
  - match: "apps/{app}/{environment}"
    environment: "{environment}"
    mode: apply
signoff:
  owners: [team:acme/platform]
  default: { approvals: 1, anyOf: [write] }
  rules:
    - name: production
      when: { environment: production }
      need: { approvals: 1, anyOf: [team:acme/sre] }
`;

const permissions = {
  ada: "maintain",
  grace: "write",
  linus: "write",
  mallory: "write",
  rose: "read",
} as const;

export type Login = keyof typeof permissions;

export interface SignoffWorld {
  readonly github: SandboxGitHub;
  readonly forge: GitHubForge;
  readonly world: World;
  readonly repository: RepositoryRef;
  /** Everything that the flows have put on the queue. */
  readonly queued: Key[];
  /** Lets time pass, so that what comes before and after differ by more than GitHub's seconds. */
  readonly pass: (seconds?: number) => void;
  /** Calls the repository's API as a person; throws what is refused. */
  readonly as: (login: Login, method: string, path: string, body?: unknown) => Promise<Answer>;
}

/** `files` come on top of the configuration and one app. */
export async function startSignoff(files: Readonly<Record<string, string>> = {}): Promise<SignoffWorld> {
  let ahead = 0;
  const clock = { now: () => new Date(Date.now() + ahead * 1000) };
  const { name, slug, permissions: may, events } = value(await readAppManifest(ownManifest));
  const github = await startGitHub({ app: { name, slug, permissions: may, events }, clock });
  const tokens = new Map(Object.keys(permissions).map((login) => [login, github.addUser(login)]));
  github.addOrganisation("acme", ["ada", "grace", "linus"]);
  github.addTeam("acme", "sre", ["grace", "linus"]);
  github.addTeam("acme", "platform", ["ada"]);
  const all = { [configPath]: config, [webFile]: deployment("1.0.0"), "README.md": "hello\n", ...files };
  const made = await github.addRepository("acme", "gitops", {
    files: new Map(Object.entries(all)),
    permissions,
  });
  github.install([made]);
  const { appId, privateKey, apiUrl } = github;
  const forge = createForge({ appId, privateKey, baseUrl: apiUrl, pacing: false });
  const repository = value(await forge.repositories())[0]!;
  const queued: Key[] = [];
  return {
    github,
    forge,
    repository,
    queued,
    world: worldOf(forge, queued, clock),
    pass: (seconds = 5) => {
      ahead += seconds;
    },
    as: (login, method, path, body) =>
      call(`${apiUrl}/repos/acme/gitops${path}`, tokens.get(login) ?? "", method, body),
  };
}

function absent<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`sign-off asked the ${what}`);
    },
  });
}

function silent(): void {}

/** One thread serves all worlds of a file. */
const threads = createThreads();

/** Registry, renderer and cluster have no part in sign-off: whoever asks them fails the test. */
function worldOf(forge: GitHubForge, queued: Key[], clock: Clock): World {
  return {
    forge,
    registry: absent("registry"),
    renderer: absent("renderer"),
    cluster: null,
    threads,
    targets: [],
    queue: { add: (key) => void queued.push(key) },
    clock,
    log: { info: silent, warn: silent },
  };
}
