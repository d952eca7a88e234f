import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDoor } from "../../src/runtime/door.ts";
import { goodEnvironment, startServe } from "./serve-process.ts";

const secret = "registry-secret-0123456789abcdef";
const kinds = ["dockerhub", "quay", "harbor", "acr", "gar"];

function signature(body: string, key = secret): Record<string, string> {
  return { "x-lockkeeper-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}` };
}

describe("the door for registries", () => {
  let door: Server;
  let url: string;
  let pushes = 0;
  const warnings: string[] = [];

  async function open(registrySecret: string | undefined): Promise<void> {
    door = createDoor({
      secret: goodEnvironment["WEBHOOK_SECRET"]!,
      receive: async () => {},
      ready: () => true,
      log: { warn: (fields, message) => void warnings.push(JSON.stringify(fields) + message) },
      ...(registrySecret === undefined
        ? {}
        : { registries: { secret: registrySecret, pushed: () => void (pushes += 1) } }),
    });
    door.listen(0, "127.0.0.1");
    await once(door, "listening");
    url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  }
  const post = async (path: string, headers: Record<string, string> = {}, body = "{}"): Promise<number> => {
    const answer = await fetch(url + path, { method: "POST", headers, body });
    return answer.status;
  };

  beforeEach(async () => {
    pushes = 0;
    warnings.length = 0;
    await open(secret);
  });
  afterEach(() => door.close().closeAllConnections());

  test.each(kinds)("takes a message of %s by its path, its query or its header", async (kind) => {
    expect(await post(`/registry/${kind}/${secret}`)).toBe(202);
    expect(await post(`/registry/${kind}?token=${secret}`)).toBe(202);
    expect(await post(`/registry/${kind}`, { authorization: secret })).toBe(202);
    expect(await post(`/registry/${kind}`, { authorization: `Bearer ${secret}` })).toBe(202);
    expect(pushes).toBe(4);
    expect(warnings).toEqual([]);
  });

  test("takes a signed message of anything else", async () => {
    const body = '{"image":"ghcr.io/acme/web"}';
    expect(await post("/registry/generic", signature(body), body)).toBe(202);
    expect(pushes).toBe(1);
  });

  test.each<[string, string, Record<string, string>]>([
    ["no secret", "/registry/harbor", {}],
    ["another secret", `/registry/harbor/${secret.replace("0", "1")}`, {}],
    ["a part of the secret", `/registry/harbor/${secret.slice(0, 31)}`, {}],
    ["the secret and more", `/registry/harbor/${secret}0`, {}],
    ["an empty secret", "/registry/harbor?token=", { authorization: "" }],
    ["a secret that is not the registries'", `/registry/harbor/${goodEnvironment["WEBHOOK_SECRET"]!}`, {}],
    ["a token instead of a signature", `/registry/generic/${secret}`, {}],
    ["a signature of something else", "/registry/generic", signature("[]")],
    ["a signature under another key", "/registry/generic", signature("{}", "another")],
    ["a truncated signature", "/registry/generic", { "x-lockkeeper-signature-256": "sha256=ab" }],
  ])("refuses %s, and writes no secret down", async (_what, path, headers) => {
    expect(await post(path, headers)).toBe(401);
    expect(pushes).toBe(0);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/without the right secret$/);
    expect(warnings[0]).not.toContain("0123456789");
  });

  test.each(["not JSON", "", "null", '{"__proto__":1}'])(
    "does not care what a message says: %j",
    async (body) => {
      expect(await post(`/registry/quay/${secret}`, {}, body)).toBe(202);
      expect(pushes).toBe(1);
    },
  );

  test("reads no more than 1 MiB of it", async () => {
    const large = "x".repeat(1024 * 1024 + 1);
    expect(await post(`/registry/quay/${secret}`, {}, large.slice(1))).toBe(202);
    expect(await post(`/registry/quay/${secret}`, {}, large)).toBe(413);
    expect(pushes).toBe(1);
  });

  test.each([
    "/registry",
    "/registry/",
    "/registry/nexus",
    "/registry/constructor",
    "/registry/quay/a/b",
    "/registry/quay/",
  ])("is not at %s", async (path) => {
    expect(await post(path, { authorization: secret })).toBe(404);
    expect(await fetch(`${url}/registry/quay/${secret}`).then(({ status }) => status)).toBe(404);
    expect(pushes).toBe(0);
  });

  test("is not there without a secret", async () => {
    door.close().closeAllConnections();
    await open(undefined);
    expect(await post(`/registry/quay/${secret}`)).toBe(404);
    expect(await post(`/registry/quay/undefined`)).toBe(404);
  });
});

describe("serve", () => {
  test("has the door for registries when it is given their secret", async () => {
    const serve = await startServe({ ...goodEnvironment, LOCKKEEPER_REGISTRY_SECRET: secret });
    const answer = await fetch(`${serve.url}/registry/dockerhub/${secret}`, { method: "POST", body: "{}" });
    await serve.stop();
    expect(answer.status).toBe(202);
    expect(serve.log()).not.toContain(secret);
  });
});
