import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Registry } from "../../src/ports/registry.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Credentials } from "../../src/registry/credentials.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import {
  changeHeaders,
  forgetPages,
  ignorePages,
  limitPages,
  listInOrder,
  refuseWith,
  rewriteLink,
  serveEtags,
} from "../../src/sandbox/registry/faults.ts";
import { failureOf, imageAt, known, valueOf } from "./references.ts";
import { Wire } from "./wire.ts";

describe("a registry", () => {
  let sandbox: SandboxRegistry;
  let registry: Registry;
  let now = 0;
  beforeEach(async () => {
    now = 0;
    sandbox = await startRegistry();
    registry = createRegistry({ insecureHosts: [sandbox.host], now: () => now });
    await sandbox.push("acme/web", "1.0.0");
  });
  afterEach(() => sandbox.stop());
  const image = (repository = "acme/web") => imageAt(sandbox.host, repository);
  const listings = (): readonly string[] =>
    sandbox.requests.map(({ path }) => path).filter((path) => path.includes("/tags/list"));
  const lists = { path: /tags\/list/ };
  const many = Array.from({ length: 2300 }, (_, index) => `1.0.${(index * 7919) % 2300}`);

  test("that takes an identity token exchanges it, and shows it to nobody else", async () => {
    const closed = await startRegistry({ auth: "required", identityToken: "an-identity-token" });
    await closed.push("acme/web", "1.0.0");
    const list = async (credentials: Credentials) =>
      createRegistry({ insecureHosts: [closed.host], credentials: known(() => credentials) }).tags(
        imageAt(closed.host, "acme/web"),
      );
    expect(valueOf(await list({ identityToken: "an-identity-token" })).tags).toEqual(["1.0.0"]);
    const failure = failureOf(await list({ identityToken: "another" }));
    expect(failure.code).toBe("unauthorized");
    expect(JSON.stringify([failure, closed.requests])).not.toMatch(/identity-token|another/);
    await closed.stop();
  });

  test("that lists by age is read to its end", async () => {
    sandbox.inject(listInOrder(many), lists);
    expect(valueOf(await registry.tags(image())).tags).toEqual(many);
    expect(listings()).toHaveLength(3);
  });

  test("that lists by age and drops the Link is read to its end too", async () => {
    sandbox.inject(listInOrder(many), lists);
    sandbox.inject(changeHeaders({ link: undefined }));
    expect(valueOf(await registry.tags(image())).tags).toEqual(many);
  });

  test("that gives the same full page again has no whole list", async () => {
    sandbox.inject(forgetPages(many), lists);
    const failure = failureOf(await registry.tags(image()));
    expect(failure).toMatchObject({ code: "incomplete", message: expect.stringMatching(/how it goes on/) });
  });

  test("that gives the same full page again, whatever page is asked for, has given all", async () => {
    sandbox.inject(ignorePages(many.slice(0, 1000)), lists);
    expect(valueOf(await registry.tags(image())).tags).toHaveLength(1000);
    expect(listings().map((path) => path.split("?")[1])).toEqual([
      "n=1000",
      `n=1000&last=${many[999]}`,
      "n=997",
    ]);
  });

  test.each([999, 1001, 2300])("that knows no pages and has %i tags is asked once", async (count) => {
    sandbox.inject(ignorePages(many.slice(0, count)), lists);
    expect(valueOf(await registry.tags(image())).tags).toHaveLength(count);
    expect(listings()).toHaveLength(1);
  });

  test.each([
    ["longer", many.slice(0, 1001)],
    ["another", many.slice(1, 1001)],
  ])("whose list is %s when it is asked how long it is has no whole list", async (_what, changed) => {
    sandbox.inject(ignorePages(many.slice(0, 1000)), lists);
    sandbox.inject(ignorePages(changed), { path: /n=997/ });
    expect(failureOf(await registry.tags(image())).code).toBe("incomplete");
  });

  test.each([
    ["other parameters before rel", (target: string) => `<${target}>; title="a, b"; rel="next"`],
    ["another link before it", (target: string) => `</v2/>; rel="first", <${target}>; rel="next"`],
    ["two relations", (target: string) => `<${target}>; rel="next last"`],
    ["no quotes", (target: string) => `<${target}>; rel=next`],
  ])("may write its Link with %s", async (_what, write) => {
    sandbox.inject(listInOrder(many), lists);
    sandbox.inject((_request, answer) => {
      const target = /<([^>]*)>/.exec(answer.headers["link"] ?? "")?.[1];
      return target === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, link: write(target) } };
    });
    expect(valueOf(await registry.tags(image())).tags).toHaveLength(many.length);
  });

  test("may repeat tags across pages; each counts once", async () => {
    sandbox.inject(listInOrder(many), lists);
    sandbox.inject(
      rewriteLink((target) => target.replace(/last=1\.0\.\d+/, `last=${many[500]}`)),
      {
        ...lists,
        times: 1,
      },
    );
    expect(valueOf(await registry.tags(image())).tags).toEqual(many);
  });

  test("that refuses large pages is asked for small ones from then on", async () => {
    await sandbox.push("acme/other", "1.0.0");
    sandbox.inject(limitPages(100));
    valueOf(await registry.tags(image()));
    valueOf(await registry.tags(image("acme/other")));
    expect(listings().map((path) => /n=(\d+)/.exec(path)?.[1])).toEqual(["1000", "100", "100"]);
  });

  test("that serves ETags sends an unchanged list once, and a changed one again", async () => {
    sandbox.inject(serveEtags, lists);
    valueOf(await registry.tags(image()));
    expect(valueOf(await registry.tags(image())).tags).toEqual(["1.0.0"]);
    await sandbox.push("acme/web", "1.1.0");
    expect(valueOf(await registry.tags(image())).tags).toEqual(["1.0.0", "1.1.0"]);
    const answers = sandbox.requests.filter(({ path }) => path.includes("/tags/list"));
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 200]);
  });

  test("that serves ETags for each page is still read to its end", async () => {
    sandbox.inject(listInOrder(many), lists);
    sandbox.inject(serveEtags, lists);
    valueOf(await registry.tags(image()));
    expect(valueOf(await registry.tags(image())).tags).toEqual(many);
    const answers = sandbox.requests.filter(({ path }) => path.includes("/tags/list"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 304, 304, 304]);
  });

  test("that says not modified to who has nothing has no list", async () => {
    sandbox.inject(refuseWith(304), lists);
    expect(failureOf(await registry.tags(image())).code).toBe("rejected");
  });

  test("that fails five times in a row rests, while others go on", async () => {
    const other = await startRegistry();
    await other.push("acme/web", "1.0.0");
    registry = createRegistry({ insecureHosts: [sandbox.host, other.host], now: () => now });
    const heal = sandbox.inject(refuseWith(503), lists);
    for (let call = 0; call < 3; call += 1) failureOf(await registry.tags(image()));
    const sent = sandbox.requests.length;
    const failure = failureOf(await registry.tags(image("acme/more")));
    expect(failure).toMatchObject({ code: "unavailable", retryAfterSeconds: 30 });
    expect(failure.message).toMatch(/failed 5 times in a row and is left alone for 30 seconds: .*\(503\)/);
    expect(sandbox.requests).toHaveLength(sent);
    expect(valueOf(await registry.tags(imageAt(other.host, "acme/web"))).tags).toEqual(["1.0.0"]);
    now += 30_001;
    failureOf(await registry.resolve(image(), "9.9.9"));
    heal();
    expect(valueOf(await registry.tags(image())).tags).toEqual(["1.0.0"]);
    await other.stop();
  });

  test("that fails after its rest as well rests twice as long", async () => {
    sandbox.inject(refuseWith(503));
    for (let call = 0; call < 5; call += 1) failureOf(await registry.tags(image(`acme/a${call}`)));
    const rests: (number | undefined)[] = [];
    for (let rest = 0; rest < 7; rest += 1) {
      const { retryAfterSeconds = 0 } = failureOf(await registry.tags(image()));
      rests.push(retryAfterSeconds);
      now += retryAfterSeconds * 1000 + 1;
      failureOf(await registry.tags(image()));
    }
    expect(rests).toEqual([30, 60, 120, 240, 480, 600, 600]);
  });

  test("that fails for many at the same time rests no longer for that", async () => {
    sandbox.inject(refuseWith(503), lists);
    const images = Array.from({ length: 12 }, (_, index) => image(`acme/a${index}`));
    await Promise.all(images.map((each) => registry.tags(each)));
    expect(failureOf(await registry.tags(image())).retryAfterSeconds).toBe(30);
  });

  test("that wants a pause gets it, though it still answers what was sent before", async () => {
    const gates = new Map<string, () => void>();
    const wire = await Wire.start(async ({ url }) => {
      const status = /(\d+)\/tags/.exec(url.pathname)?.[1];
      if (status !== undefined) await new Promise<void>((open) => gates.set(status, open));
      return { status: Number(status ?? 200), headers: { "retry-after": "30" }, body: '{"tags":[]}' };
    });
    const ours = createRegistry({ insecureHosts: [], request: wire.request, now: () => now });
    const [limited, listed] = ["429", "200"].map((name) => ours.tags(imageAt("registry.example.com", name)));
    await vi.waitFor(() => expect(gates.size).toBe(2));
    gates.get("429")?.();
    expect(failureOf(await limited!).code).toBe("rate-limited");
    gates.get("200")?.();
    valueOf(await listed!);
    expect(failureOf(await ours.tags(imageAt("registry.example.com", "404"))).code).toBe("rate-limited");
    now += 30_001;
    const later = ours.tags(imageAt("registry.example.com", "404"));
    await vi.waitFor(() => expect(gates.has("404")).toBe(true));
    gates.get("404")?.();
    expect(failureOf(await later).code).toBe("not-found");
    await wire.stop();
  });

  test("that refuses is not one that fails", async () => {
    sandbox.inject(refuseWith(404), lists);
    for (let call = 0; call < 12; call += 1) {
      expect(failureOf(await registry.tags(image())).code).toBe("not-found");
    }
  });

  test("is asked by eight connections that stay open, whatever there is to ask", async () => {
    const sockets = new Set<Socket>();
    const names = new Set<string | undefined>();
    const waiting: ServerResponse[] = [];
    let most = 0;
    const server = createServer(({ headers, socket, url }, response) => {
      sockets.add(socket);
      names.add(headers["user-agent"]);
      if (url === "/v2/") response.end("{}");
      else most = Math.max(most, waiting.push(response));
      if (waiting.length < 8) return;
      setImmediate(() => {
        for (const each of waiting.splice(0)) each.end('{"tags":["1.0.0"]}');
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ours = createRegistry({ insecureHosts: [host] });
    const images = Array.from({ length: 64 }, (_, index) => imageAt(host, `acme/a${index}`));
    const lists = await Promise.all(images.map((each) => ours.tags(each)));
    expect(lists.every(({ ok }) => ok)).toBe(true);
    expect([most, sockets.size]).toEqual([8, 8]);
    expect([...names]).toEqual(["lockkeeper"]);
    server.closeAllConnections();
    server.close();
  });

  test.each([
    [401, "unauthorized", /does not exist, or it needs other credentials \(401\)$/],
    [403, "forbidden", /the credentials do not suffice, or there are none \(403\)$/],
    [404, "not-found", /does not exist \(404\)$/],
    [429, "rate-limited", /too many requests \(429\)$/],
    [502, "unavailable", /the registry has an error \(502\)$/],
  ] as const)(
    "that answers %i says what that means, for lists and images alike",
    async (status, code, says) => {
      sandbox.inject(refuseWith(status), { path: /acme/ });
      const answers = [
        () => registry.tags(image()),
        () => registry.resolve(image(), "1.0.0"),
        () => registry.platforms(image(), "1.0.0"),
        () => registry.labels(image(), "1.0.0"),
      ];
      for (const ask of answers) {
        const failure = failureOf(await ask());
        expect(failure).toMatchObject({ code, message: expect.stringContaining(sandbox.host) });
        if (code !== "rate-limited" || ask === answers[0]) expect(failure.message).toMatch(says);
      }
    },
  );
});
