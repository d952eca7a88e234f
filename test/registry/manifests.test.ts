import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImageReference } from "../../src/model/image.ts";
import type { Registry } from "../../src/ports/registry.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import { answerWith, changeHeaders, refuseWith } from "../../src/sandbox/registry/faults.ts";
import { failureOf, imageAt, valueOf } from "./references.ts";

const indexType = "application/vnd.oci.image.index.v1+json";
const wrong = `sha256:${"0".repeat(64)}`;

let sandbox: SandboxRegistry;
let registry: Registry;
let image: ImageReference;
let digest: string;

beforeEach(async () => {
  sandbox = await startRegistry();
  registry = createRegistry({ insecureHosts: [sandbox.host] });
  image = imageAt(sandbox.host, "acme/web");
  digest = await sandbox.push("acme/web", "1.0.0");
});
afterEach(() => sandbox.stop());

function manifestRequests(): string[] {
  return sandbox.requests.filter(({ path }) => path.includes("/manifests/")).map(({ method }) => method);
}

/** Answers every GET of a manifest with this body. */
function serveManifest(mediaType: string, body: string): void {
  sandbox.inject(changeHeaders({ "docker-content-digest": undefined }), { method: "HEAD" });
  sandbox.inject(answerWith(200, { "content-type": mediaType }, body), { method: "GET", path: /manifests/ });
}

describe("the digest of a tag", () => {
  test("costs one HEAD, shared by those who ask at the same time", async () => {
    const answers = await Promise.all([registry.resolve(image, "1.0.0"), registry.resolve(image, "1.0.0")]);
    for (const answer of answers) expect(valueOf(answer)).toEqual({ digest, mediaType: indexType });
    expect(manifestRequests()).toEqual(["HEAD"]);
  });

  test.each([
    ["says none", changeHeaders({ "docker-content-digest": undefined })],
    ["says something else", changeHeaders({ "docker-content-digest": "md5:1" })],
    ["is not allowed", refuseWith(405)],
  ])("is taken from the body where HEAD %s", async (_what, fault) => {
    sandbox.inject(fault, { method: "HEAD" });
    expect(valueOf(await registry.resolve(image, "1.0.0")).digest).toBe(digest);
    expect(manifestRequests()).toEqual(["HEAD", "GET"]);
  });

  test("is hashed where nobody says it", async () => {
    sandbox.inject(changeHeaders({ "docker-content-digest": undefined }));
    expect(valueOf(await registry.resolve(image, "1.0.0")).digest).toBe(digest);
  });

  test("is refused where the body has another one", async () => {
    sandbox.inject(changeHeaders({ "docker-content-digest": undefined }), { method: "HEAD" });
    sandbox.inject(changeHeaders({ "docker-content-digest": wrong }), { method: "GET", path: /manifests/ });
    expect(failureOf(await registry.resolve(image, "1.0.0")).code).toBe("malformed");
    expect(failureOf(await registry.platforms(image, "1.0.0")).code).toBe("malformed");
  });

  test("is refused where a digest was asked for and another one comes", async () => {
    sandbox.inject(changeHeaders({ "docker-content-digest": wrong }));
    expect(failureOf(await registry.resolve(image, digest)).code).toBe("malformed");
    expect(failureOf(await registry.platforms(image, digest)).code).toBe("malformed");
  });

  test("is not asked for what can be no tag", async () => {
    for (const text of ["", "../../token", "a b", "x".repeat(129), "sha256:12"]) {
      expect(failureOf(await registry.resolve(image, text)).code).toBe("malformed");
      expect(failureOf(await registry.platforms(image, text)).code).toBe("malformed");
    }
    expect(registry.requests).toBe(0);
  });

  test.each([
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
    [429, "rate-limited"],
    [500, "unavailable"],
  ])("with status %i fails as %s", async (status, code) => {
    sandbox.inject(refuseWith(status), { path: /manifests/ });
    expect(failureOf(await registry.resolve(image, "1.0.0")).code).toBe(code);
  });
});

describe("the platforms of an image", () => {
  test("are those of the index, with their variants", async () => {
    await sandbox.push("acme/arm", "1.0.0", {
      platforms: ["linux/arm/v7", "linux/arm64/v8", "windows/amd64"],
    });
    const answer = await registry.platforms(imageAt(sandbox.host, "acme/arm"), "1.0.0");
    expect(valueOf(answer)).toEqual(["linux/arm/v7", "linux/arm64/v8", "windows/amd64"]);
  });

  test("leave out attestations and entries that name none", async () => {
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1 };
    const manifests = [
      { ...entry, platform: { os: "linux", architecture: "amd64" } },
      { ...entry, platform: { os: "unknown", architecture: "unknown" } },
      entry,
    ];
    serveManifest(indexType, JSON.stringify({ schemaVersion: 2, manifests }));
    expect(valueOf(await registry.platforms(image, "1.0.0"))).toEqual(["linux/amd64"]);
  });

  test.each([
    ["cut off", indexType, '{"manifests":[', "malformed"],
    ["neither index nor image", indexType, '{"schemaVersion":2}', "malformed"],
    ["of the old schema", "application/vnd.docker.distribution.manifest.v1+prettyjws", "{}", "unsupported"],
    ["a page", "text/html", "<html>", "malformed"],
  ])("are not read from a manifest that is %s", async (_what, mediaType, body, code) => {
    serveManifest(mediaType, body);
    expect(failureOf(await registry.platforms(image, "1.0.0")).code).toBe(code);
  });

  test("are not read from a config that is not the one named", async () => {
    const config = { digest: `sha256:${createHash("sha256").update("{}").digest("hex")}` };
    const type = "application/vnd.oci.image.manifest.v1+json";
    serveManifest(type, JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers: [] }));
    const forged = '{"os":"linux","architecture":"riscv64"}';
    sandbox.inject(answerWith(200, {}, forged), { path: /blobs/ });
    expect(failureOf(await registry.platforms(image, "1.0.0")).code).toBe("malformed");
  });

  test("are not read from a manifest over 4 MiB", async () => {
    serveManifest(indexType, " ".repeat(5 * 1024 * 1024));
    expect(failureOf(await registry.platforms(image, "1.0.0")).code).toBe("too-large");
  });
});
