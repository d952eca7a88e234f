/** What every registry must do, and our adapter on it: run on the sandbox's and on a real one. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImageReference, parseImageReference } from "../../src/model/image.ts";
import type { Registry } from "../../src/ports/registry.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { RegistryClient, imageType, indexType, sha256 } from "./registry-client.ts";

/** A registry that runs and lets everyone push. */
export interface RunningRegistry {
  readonly url: string;
  stop(): Promise<void>;
}

const platforms = ["linux/amd64", "linux/arm64"];

async function errorCodes(answer: Response): Promise<string[]> {
  const { errors } = (await answer.json()) as { errors: { code: string }[] };
  return errors.map(({ code }) => code);
}

export function registryContract(name: string, start: () => Promise<RunningRegistry>): void {
  describe(`the registry contract on ${name}`, () => {
    let running: RunningRegistry;
    let client: RegistryClient;
    let registry: Registry;
    const image = (repository: string): ImageReference => {
      const parsed = parseImageReference(`${new URL(running.url).host}/${repository}`);
      if (!parsed.ok) throw new Error(parsed.failure.message);
      return parsed.value;
    };

    const place = (answer: Response): URL => new URL(answer.headers.get("location") ?? "", running.url);

    beforeAll(async () => {
      running = await start();
      client = new RegistryClient(running.url);
      registry = createRegistry({ insecureHosts: [new URL(running.url).host] });
    });
    afterAll(() => running.stop());

    test("answers the version check, or says which token it wants", async () => {
      const answer = await fetch(`${running.url}/v2/`);
      expect(answer.headers.get("docker-distribution-api-version")).toBe("registry/2.0");
      if (answer.status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm="/);
      else expect(answer.status).toBe(200);
    });

    test("lists every tag that was pushed, by pages that our adapter joins", async () => {
      const tags = ["1.0.0", "1.1.0", "1.2.0-rc.1", "latest", "v2"];
      for (const tag of tags) await client.pushImage("acme/listed", tag, platforms);
      const list = await registry.tags(image("acme/listed"));
      expect(list.ok && [...list.value.tags].sort()).toEqual(tags);

      const paged: string[] = [];
      let path: string | undefined = "/v2/acme/listed/tags/list?n=2";
      while (path !== undefined) {
        const answer: Response = await client.request("GET", path);
        const page = (await answer.json()) as { name: string; tags: string[] };
        expect(page.name).toBe("acme/listed");
        paged.push(...page.tags);
        path = /<([^>]+)>; *rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
      }
      expect(paged.sort()).toEqual(tags);
    });

    test("gives one digest by HEAD, by GET and by hashing, and the platforms behind it", async () => {
      const digest = await client.pushImage("acme/web", "1.0.0", platforms);
      const path = "/v2/acme/web/manifests/1.0.0";
      const head = await client.request("HEAD", path, { headers: { accept: indexType } });
      const got = await client.request("GET", path, { headers: { accept: indexType } });
      const body = Buffer.from(await got.arrayBuffer());
      for (const answer of [head, got]) {
        expect(answer.status).toBe(200);
        expect(answer.headers.get("content-type")).toBe(indexType);
        expect(answer.headers.get("docker-content-digest")).toBe(digest);
        expect(answer.headers.get("content-length")).toBe(String(body.length));
      }
      expect(sha256(body)).toBe(digest);
      expect(await registry.resolve(image("acme/web"), "1.0.0")).toEqual({
        ok: true,
        value: { digest, mediaType: indexType },
      });
      expect(await registry.platforms(image("acme/web"), digest)).toEqual({ ok: true, value: platforms });
    });

    test("names the platform of an image without an index, from its config", async () => {
      await client.pushImage("acme/single", "1.0.0", ["linux/arm64"]);
      const answer = await client.request("GET", "/v2/acme/single/manifests/1.0.0", {
        headers: { accept: indexType },
      });
      const index = (await answer.json()) as { manifests: { digest: string }[] };
      const child = index.manifests[0]?.digest ?? "";
      expect(await registry.platforms(image("acme/single"), child)).toEqual({
        ok: true,
        value: ["linux/arm64"],
      });
      const resolved = await registry.resolve(image("acme/single"), child);
      expect(resolved).toEqual({ ok: true, value: { digest: child, mediaType: imageType } });
    });

    test("keeps what an image says of itself, in its index, its manifests and their configs", async () => {
      const prefix = "org.opencontainers.image.";
      const digest = await client.pushImage("acme/said", "1.0.0", platforms, {
        index: { [`${prefix}version`]: "1.0.0" },
        manifest: { [`${prefix}version`]: "not this", [`${prefix}revision`]: "0a1b2c3" },
        labels: { [`${prefix}revision`]: "nor this", [`${prefix}source`]: "https://github.com/acme/said" },
      });
      expect(await registry.labels(image("acme/said"), digest)).toMatchObject({
        ok: true,
        value: {
          version: "1.0.0",
          revision: "0a1b2c3",
          source: "https://github.com/acme/said",
          created: null,
        },
      });
    });

    test("knows nothing of what was never pushed", async () => {
      await client.pushImage("acme/known", "1.0.0", platforms);
      const tag = await client.request("GET", "/v2/acme/known/manifests/9.9.9");
      expect([tag.status, await errorCodes(tag)]).toEqual([404, ["MANIFEST_UNKNOWN"]]);
      const list = await client.request("GET", "/v2/acme/unknown/tags/list");
      expect([list.status, await errorCodes(list)]).toEqual([404, ["NAME_UNKNOWN"]]);
      const blob = await client.request("GET", `/v2/acme/known/blobs/sha256:${"0".repeat(64)}`);
      expect([blob.status, await errorCodes(blob)]).toEqual([404, ["BLOB_UNKNOWN"]]);
      for (const answer of [
        await registry.tags(image("acme/unknown")),
        await registry.resolve(image("acme/known"), "9.9.9"),
        await registry.platforms(image("acme/known"), "9.9.9"),
        await registry.labels(image("acme/known"), "9.9.9"),
      ]) {
        expect(answer).toMatchObject({ ok: false, failure: { code: "not-found" } });
      }
    });

    test("moves a tag that is pushed again, and keeps what it pointed at", async () => {
      const before = await client.pushImage("acme/moved", "stable", platforms);
      const after = await client.pushImage("acme/moved", "stable", ["linux/amd64"]);
      expect(after).not.toBe(before);
      const now = await registry.resolve(image("acme/moved"), "stable");
      expect(now.ok && now.value.digest).toBe(after);
      const old = await registry.resolve(image("acme/moved"), before);
      expect(old.ok && old.value.digest).toBe(before);
    });

    test("deletes a manifest with its tags, and no other tag", async () => {
      await client.pushImage("acme/deleted", "1.0.0", platforms);
      const digest = await client.pushImage("acme/deleted", "2.0.0", platforms);
      const answer = await client.request("DELETE", `/v2/acme/deleted/manifests/${digest}`);
      expect(answer.status).toBe(202);
      const gone = await registry.resolve(image("acme/deleted"), "2.0.0");
      expect(gone).toMatchObject({ ok: false, failure: { code: "not-found" } });
      const list = await registry.tags(image("acme/deleted"));
      expect(list.ok && list.value.tags).toEqual(["1.0.0"]);
    });

    test("takes a blob in chunks, and mounts it from another repository", async () => {
      const bytes = Buffer.from("one layer in two chunks");
      const begun = await client.request("POST", "/v2/acme/chunks/blobs/uploads/");
      expect(begun.status).toBe(202);
      const headers = { "content-type": "application/octet-stream" };
      const first = await client.request("PATCH", place(begun).href, { headers, body: bytes.subarray(0, 9) });
      expect([first.status, first.headers.get("range")]).toEqual([202, "0-8"]);
      const second = await client.request("PATCH", place(first).href, { headers, body: bytes.subarray(9) });
      const end = place(second);
      end.searchParams.set("digest", sha256(bytes));
      expect((await client.request("PUT", end.href)).status).toBe(201);
      const got = await client.request("GET", `/v2/acme/chunks/blobs/${sha256(bytes)}`);
      expect(await got.text()).toBe(bytes.toString());
      const mount = `/v2/acme/mounted/blobs/uploads/?mount=${sha256(bytes)}&from=acme/chunks`;
      expect((await client.request("POST", mount)).status).toBe(201);
      expect((await client.request("HEAD", `/v2/acme/mounted/blobs/${sha256(bytes)}`)).status).toBe(200);
    });

    test("refuses content that is not what it says, or that names what is not there", async () => {
      const begun = await client.request("POST", "/v2/acme/strict/blobs/uploads/");
      const end = place(begun);
      end.searchParams.set("digest", sha256(Buffer.from("another")));
      const blob = await client.request("PUT", end.href, { body: Buffer.from("this") });
      expect([blob.status, await errorCodes(blob)]).toEqual([400, ["DIGEST_INVALID"]]);

      const config = await client.pushBlob("acme/strict", Buffer.from("{}"));
      const whole = { schemaVersion: 2, mediaType: imageType, config, layers: [] };
      const wrong = `sha256:${"0".repeat(64)}`;
      const other = await client.pushManifest("acme/strict", wrong, imageType, whole);
      expect([other.status, await errorCodes(other)]).toEqual([400, ["DIGEST_INVALID"]]);

      const layers = [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: wrong, size: 1 }];
      const missing = await client.pushManifest("acme/strict", "1.0.0", imageType, { ...whole, layers });
      expect([missing.status, await errorCodes(missing)]).toEqual([400, ["MANIFEST_BLOB_UNKNOWN"]]);
    });

    test("does not send an index to a client that cannot read one", async () => {
      await client.pushImage("acme/accept", "1.0.0", platforms);
      const headers = { accept: "application/vnd.docker.distribution.manifest.v2+json" };
      const answer = await client.request("GET", "/v2/acme/accept/manifests/1.0.0", { headers });
      expect([answer.status, await errorCodes(answer)]).toEqual([404, ["MANIFEST_UNKNOWN"]]);
    });
  });
}
