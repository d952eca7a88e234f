/** The product as one process: the real flows on the real adapters, a queue that can be watched, and a way to kill it. */

import { request } from "undici";
import { keysOf } from "../../src/app.ts";
import { command } from "../../src/flows/command/command.ts";
import { comments } from "../../src/flows/command/comments.ts";
import { dashboard } from "../../src/flows/dashboard/dashboard.ts";
import { resync } from "../../src/flows/resync.ts";
import { scan } from "../../src/flows/scan/scan.ts";
import type { World } from "../../src/flows/world.ts";
import { createForge } from "../../src/github/forge.ts";
import { type Result, ok } from "../../src/model/failure.ts";
import { type Key, keyText } from "../../src/model/key.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Delivery } from "../../src/sandbox/github/delivery.ts";
import { registryHost } from "./manifest.ts";
import { plainFetch } from "./plain-fetch.ts";
import type { Plot } from "./stage.ts";

/** How the process hears of things: what is not there is lost. */
export interface Hearing {
  readonly deliveries: "in order" | "backwards" | "twice" | "lost";
}

/** Kinds of requests to GitHub: all of them, those that write, and those that move a branch. */
export type RequestKind = "all" | "writes" | "moves";

/** Called before a request is sent, with its number since the work began among all of each kind that it is of. */
export type Tap = (numbers: Readonly<Partial<Record<RequestKind, number>>>) => Promise<Verdict>;

/** What becomes of a request: `kill` ends the process, before the request is sent or after it had its effect. */
export type Verdict = "send" | "kill before" | "kill after";

/** More jobs than this in one go are a loop. */
const mostJobs = 60;
const attempts = 3;

export class Bot {
  readonly #plot: Plot;
  #world: World;
  #queue = new Map<string, Key>();
  #dead = false;
  #tap: Tap = async () => "send";
  #requests = { all: 0, writes: 0, moves: 0 };
  /** Writes to GitHub, of all lives. */
  writes = 0;

  constructor(plot: Plot) {
    this.#plot = plot;
    this.#world = this.#begin();
  }

  /** Another process: nothing is remembered, and nothing waits. */
  restart(): void {
    this.#queue = new Map();
    this.#world = this.#begin();
  }

  add(key: Key): void {
    this.#queue.set(keyText(key), key);
  }

  /** What is to be done later waits for the next time that everything is looked at. */
  #put(key: Key, afterSeconds: number): void {
    if (afterSeconds === 0) this.add(key);
  }

  scanSoon(): void {
    this.add({ flow: "scan", repository: this.#plot.ref });
  }

  hear(deliveries: readonly Delivery[]): void {
    for (const { event, payload } of deliveries)
      for (const key of keysOf(event, JSON.parse(payload))) this.add(key);
  }

  /** The resync timer, which puts everything on the queue. */
  async resync(): Promise<void> {
    const listed = await resync(this.#world);
    if (!listed.ok) throw new Error(`resync: ${listed.failure.message}`);
  }

  /** Works until nothing waits, and hears of what happens meanwhile. Answers whether it was killed. */
  async work({ deliveries }: Hearing, tap: Tap = async () => "send"): Promise<"quiet" | "killed"> {
    this.#tap = tap;
    this.#requests = { all: 0, writes: 0, moves: 0 };
    const failures = new Map<string, number>();
    for (let jobs = 0; ; jobs += 1) {
      const news = this.#plot.inbox.splice(0);
      if (deliveries === "backwards") news.reverse();
      if (deliveries !== "lost") this.hear(news);
      const next = this.#take(deliveries);
      if (next === undefined) break;
      if (jobs > mostJobs) throw new Error(`it does not come to rest: ${keyText(next)}`);
      const done = await this.#run(next);
      if (this.#dead) {
        this.restart();
        return "killed";
      }
      if (deliveries === "twice") this.hear(news);
      const failed = failures.get(keyText(next)) ?? 0;
      if (done.ok || failed >= attempts) continue;
      failures.set(keyText(next), failed + 1);
      this.add(next);
    }
    this.#tap = async () => "send";
    return "quiet";
  }

  #take(deliveries: Hearing["deliveries"]): Key | undefined {
    const [text, key] = [...this.#queue].at(deliveries === "backwards" ? -1 : 0) ?? [];
    if (text !== undefined) this.#queue.delete(text);
    return key;
  }

  /** Judging, deploying and drift are for other tests. */
  async #run(key: Key): Promise<Result<void>> {
    switch (key.flow) {
      case "scan":
        return scan(this.#world, key.repository);
      case "command":
        return command(this.#world, key);
      case "dashboard":
        return dashboard(this.#world, key);
      case "comments":
        return comments(this.#world, key);
      case "resync":
      case "scans":
        return resync(this.#world, key.flow === "scans" ? "scan" : undefined);
      default:
        return ok(undefined);
    }
  }

  #begin(): World {
    this.#dead = false;
    const { github, clock, privateKey } = this.#plot.stage;
    const { appId, apiUrl } = github;
    return {
      forge: createForge({
        appId,
        privateKey,
        baseUrl: apiUrl,
        pacing: false,
        fetch: (input, init) => this.#send(input, init),
      }),
      registry: createRegistry({
        insecureHosts: [registryHost],
        request: registryRequest(this.#plot.stage.registry.host),
      }),
      renderer: { render: () => Promise.reject(new Error("a scan renders nothing")) },
      cluster: null,
      threads: this.#plot.stage.threads,
      targets: [],
      queue: { add: (key, afterSeconds = 0) => this.#put(key, afterSeconds) },
      clock,
      log: {
        info: () => {},
        warn: (f, m) => {
          if (process.env["TRACE"]) console.log("warn", JSON.stringify(f), m);
        },
      },
    };
  }

  async #send(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    if (this.#dead) throw new TypeError("the process is dead");
    const write = (init.method ?? "GET") !== "GET";
    const url = input instanceof Request ? input.url : String(input);
    const kinds = kindsOf(write, url);
    for (const kind of kinds) this.#requests[kind] += 1;
    const verdict = await this.#tap(Object.fromEntries(kinds.map((kind) => [kind, this.#requests[kind]])));
    if (verdict === "kill before") this.#dead = true;
    else if (write) this.writes += 1;
    // An archive is read as the stream that it comes as.
    const send = url.startsWith(this.#plot.stage.github.apiUrl) ? plainFetch : fetch;
    const response = verdict === "kill before" ? null : await send(url, init);
    if (verdict === "kill after") this.#dead = true;
    if (this.#dead || response === null) throw new TypeError("the process is dead");
    return response;
  }
}

function kindsOf(write: boolean, url: string): readonly RequestKind[] {
  if (!write) return ["all"];
  return /\/graphql$|\/git\/refs\/./.test(url) ? ["all", "writes", "moves"] : ["all", "writes"];
}

type RegistryRequest = NonNullable<Parameters<typeof createRegistry>[0]["request"]>;

/** Leads the registry's name to its socket, and back: names made of it must not depend on the port. */
function registryRequest(host: string): RegistryRequest {
  const there = (text: string): string => text.replaceAll(registryHost, host);
  const back = (text: string): string => text.replaceAll(host, registryHost);
  return async (url, { dispatcher: _own, ...options }) => {
    // Undici ends a connection after each HEAD, and the sandbox answers those as it should.
    const { statusCode, headers, body } = await request(there(url.href), { ...options, reset: false });
    const ours = Object.entries(headers).map(([name, text]) => [name, back(String(text))] as const);
    return { statusCode, headers: Object.fromEntries(ours), body };
  };
}
