/** A sandbox GitHub with the people, the repository and the App that its tests need, and a client for each of them. */
import { createSign } from "node:crypto";
import { expect } from "vitest";
import { ownManifest, readAppManifest } from "../../../src/sandbox/app-manifest.ts";
import { startGitHub, type SandboxGitHub } from "../../../src/sandbox/github.ts";
import type { Repository } from "../../../src/sandbox/github/repository-state.ts";
import { watch, type Watch } from "./fidelity/watch.ts";
import { startReceiver, type Receiver } from "./receiver.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of many shapes; that they have them is what the watch checks.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Sends one request as somebody. A path without a host belongs to the API. */
export type Caller = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

export interface World {
  readonly github: SandboxGitHub;
  readonly repository: Repository;
  /** `/repos/acme/gitops`. */
  readonly home: string;
  /** The commit at the tip of main. */
  readonly head: string;
  /** The App: in `acme/gitops` with every permission of app.yml. */
  readonly app: Caller;
  /** The App itself, by its JWT. */
  readonly jwt: Caller;
  readonly nobody: Caller;
  /** Owns the organisation. */
  readonly ada: Caller;
  /** Member of the organisation and of team sre, which is below platform; may write. */
  readonly grace: Caller;
  /** May maintain, outside the organisation. */
  readonly linus: Caller;
  /** May read. */
  readonly mallory: Caller;
  readonly receiver: Receiver;
  readonly watch: Watch;
  as(token: string): Caller;
  /** A token of the App with these permissions only. */
  tokenFor(permissions: Record<string, string>): Promise<Caller>;
  /** Fails with everything that GitHub could not have said. */
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const manifest = await readAppManifest(ownManifest);
  if (!manifest.ok) throw new Error(manifest.failure.message);
  const receiver = await startReceiver();
  const secret = "a secret that is long enough for GitHub";
  const webhook = { url: receiver.url, secret };
  const github = await startGitHub({ app: manifest.value, webhook });
  const watched = await watch(github);
  const tokens = Object.fromEntries(
    ["ada", "grace", "linus", "mallory"].map((login) => [login, github.addUser(login)]),
  );
  const organisation = github.addOrganisation("acme", ["grace"]);
  organisation.members.set(
    github.hub.store.accounts.find(({ login }) => login === "ada")!,
    "admin",
  );
  const platform = github.addTeam("acme", "platform", ["ada"]);
  github.addTeam("acme", "sre", ["grace"]).parent = platform;
  const repository = await github.addRepository("acme", "gitops", {
    files: new Map([["README.md", "# GitOps\n"]]),
    permissions: { ada: "admin", grace: "write", linus: "maintain", mallory: "read" },
  });
  const [installation] = github.install([repository]);
  const as = (token: string): Caller => caller(github.apiUrl, `Bearer ${token}`);
  const jwt = as(jwtOf(github));
  const tokenFor = async (permissions?: Record<string, string>): Promise<Caller> => {
    const path = `/app/installations/${installation!.id}/access_tokens`;
    const { body } = await jwt("POST", path, permissions && { permissions });
    return as(body.token as string);
  };
  return {
    github,
    repository,
    home: "/repos/acme/gitops",
    head: (await github.hub.git(repository).ref("refs/heads/main"))!,
    app: await tokenFor(),
    jwt,
    nobody: caller(github.apiUrl, null),
    ada: as(tokens["ada"]!),
    grace: as(tokens["grace"]!),
    linus: as(tokens["linus"]!),
    mallory: as(tokens["mallory"]!),
    receiver,
    watch: watched,
    as,
    tokenFor,
    stop: async () => {
      await github.settle();
      const problems = watched.problems();
      await github.stop();
      await receiver.stop();
      expect(problems).toEqual([]);
    },
  };
}

function caller(apiUrl: string, authorization: string | null): Caller {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(new URL(path, apiUrl), {
      method,
      headers: { ...(authorization !== null && { authorization }), ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(60_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") === true && text !== "";
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
}

/** A JSON web token of the App, good for five minutes. */
function jwtOf(github: SandboxGitHub): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: String(github.appId), iat: now - 30, exp: now + 300 };
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(github.privateKey, "base64url")}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
