/** Starts a small, strict GitHub in this process, on real Git repositories and a real socket. */

import { createPublicKey, generateKeyPair, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openGit, type Git } from "./github/git/git.ts";
import { withFaultEndpoint } from "./github/fault-endpoint.ts";
import { controlFaults, type FaultControl } from "./github/faults.ts";
import type { Hub } from "./github/hub.ts";
import { routes } from "./github/routes.ts";
import { installApp, seedRepository, type RepositorySeed } from "./github/seed.ts";
import { apiListener } from "./github/server.ts";
import { webListener } from "./github/web/listener.ts";
import { installUpdateHook } from "./github/web/update-hook.ts";
import type { Installation, Repository } from "./github/repository-state.ts";
import type { App, Organisation, Permissions, Team } from "./github/state.ts";
import {
  addAccount,
  addOrganisation,
  addTeam,
  addWebFlow,
  createStore,
  findAccount,
  issueUserToken,
} from "./github/store.ts";

export interface GitHubOptions {
  /** Where the repositories go; it must exist. Default: a temporary folder that `stop` removes. */
  readonly directory?: string;
  readonly app: {
    readonly slug: string;
    readonly name: string;
    readonly permissions: Permissions;
    readonly events: readonly string[];
  };
  readonly webhook?: { readonly url: string; readonly secret: string };
  readonly clock?: { now(): Date };
  /** Length of the App's key; default 2048, as GitHub's. A shorter one signs faster. */
  readonly keyBits?: number;
}

export interface SandboxGitHub {
  /** Like `https://api.github.com`: paths of the API stand at its root. */
  readonly apiUrl: string;
  /** Like `https://github.com`: `git clone` from here. */
  readonly webUrl: string;
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** Null switches webhooks off. */
  setWebhookUrl(url: string | null): void;
  /** A token of that person; adding somebody again gives another token. */
  addUser(login: string): string;
  addOrganisation(login: string, members?: readonly string[]): Organisation;
  addTeam(organisation: string, name: string, members: readonly string[]): Team;
  /** An owner that was not added becomes an organisation. */
  addRepository(owner: string, name: string, seed?: RepositorySeed): Promise<Repository>;
  install(repositories: readonly Repository[]): readonly Installation[];
  readonly hub: Hub;
  /** Also at `POST`, `GET` and `DELETE` of `<apiUrl>/_sandbox/faults`. */
  readonly faults: FaultControl;
  /** Waits until deliveries and other work after answers are done. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export async function startGitHub(options: GitHubOptions): Promise<SandboxGitHub> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "sandbox-github-")));
  const now = (): Date => options.clock?.now() ?? new Date();
  const api = createServer();
  const web = createServer();
  const [apiUrl, webUrl] = [await listen(api), await listen(web)];
  const hub = createHub(options, { apiUrl, webUrl, now });
  const keys = await promisify(generateKeyPair)("rsa", { modulusLength: options.keyBits ?? 2048 });
  const app = addApp(
    hub,
    options.app,
    createPublicKey(keys.publicKey.export({ type: "spki", format: "pem" })),
  );
  const faults = controlFaults(hub);
  api.on("request", withFaultEndpoint(faults, apiListener(hub, routes)));
  web.on("request", webListener(hub, await installUpdateHook(directory)));
  return {
    apiUrl,
    webUrl,
    appId: app.id,
    privateKey: keys.privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    webhookSecret: hub.webhook.secret,
    hub,
    faults,
    setWebhookUrl: (url) => {
      hub.webhook.url = url;
    },
    ...seeding(hub, app, directory),
    settle: hub.settle,
    stop: async () => {
      for (const server of [api, web]) {
        server.close();
        server.closeAllConnections();
      }
      await hub.settle();
      for (const repository of hub.store.repositories) hub.git(repository).close();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createHub(options: GitHubOptions, place: { apiUrl: string; webUrl: string; now: () => Date }): Hub {
  const opened = new WeakMap<Repository, Git>();
  const running = new Set<Promise<unknown>>();
  return {
    store: createStore(place),
    git: (repository) => {
      const git = opened.get(repository) ?? openGit(repository.directory);
      opened.set(repository, git);
      return git;
    },
    webhook: {
      url: options.webhook?.url ?? null,
      secret: options.webhook?.secret ?? randomBytes(24).toString("hex"),
    },
    faults: {},
    requests: [],
    observers: [],
    background: (work) => {
      const entry = work
        .catch((error: unknown) => process.stderr.write(`sandbox github: ${String(error)}\n`))
        .finally(() => running.delete(entry));
      running.add(entry);
    },
    settle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function addApp(hub: Hub, app: GitHubOptions["app"], publicKey: App["publicKey"]): App {
  const { store } = hub;
  addWebFlow(store);
  const made: App = {
    id: store.nextId(),
    clientId: `Iv23li${randomBytes(7).toString("hex")}`,
    ...app,
    owner: addAccount(store, `${app.slug}-maintainers`, "User"),
    bot: addAccount(store, `${app.slug}[bot]`, "Bot"),
    createdAt: store.now(),
    publicKey,
  };
  store.apps.push(made);
  return made;
}

function seeding(
  hub: Hub,
  app: App,
  directory: string,
): Pick<SandboxGitHub, "addUser" | "addOrganisation" | "addTeam" | "addRepository" | "install"> {
  const { store } = hub;
  return {
    addUser: (login) => issueUserToken(store, addAccount(store, login, "User")),
    addOrganisation: (login, members = []) => {
      const organisation = addOrganisation(store, login);
      for (const member of members) organisation.members.set(addAccount(store, member, "User"), "member");
      return organisation;
    },
    addTeam: (organisation, name, members) => {
      const team = addTeam(store, addOrganisation(store, organisation), name);
      for (const member of members) team.members.set(addAccount(store, member, "User"), "member");
      return team;
    },
    addRepository: async (owner, name, seed = {}) => {
      const account = findAccount(store, owner) ?? addOrganisation(store, owner).account;
      return await seedRepository(hub, { owner: account, name, directory, app }, seed);
    },
    install: (repositories) => installApp(hub, app, repositories),
  };
}
