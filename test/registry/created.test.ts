import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImageReference } from "../../src/model/image.ts";
import type { Registry } from "../../src/ports/registry.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import { answerWith, changeHeaders } from "../../src/sandbox/registry/faults.ts";
import { failureOf, imageAt, valueOf } from "./references.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const may = new Date("2026-05-01T12:00:00.000Z");

let sandbox: SandboxRegistry;
let registry: Registry;
let image: ImageReference;

beforeEach(async () => {
  sandbox = await startRegistry();
  registry = createRegistry({ insecureHosts: [sandbox.host] });
  image = imageAt(sandbox.host, "acme/web");
});
afterEach(() => sandbox.stop());

/** Answers every GET of a manifest with one that these members make. */
function serveManifest(mediaType: string, members: object): void {
  const body = JSON.stringify({ schemaVersion: 2, mediaType, ...members });
  sandbox.inject(changeHeaders({ "docker-content-digest": undefined }), { method: "GET", path: /manifests/ });
  sandbox.inject(answerWith(200, { "content-type": mediaType }, body), { method: "GET", path: /manifests/ });
}

/** A manifest over a config with this text. */
function serveConfig(config: string): void {
  const digest = `sha256:${createHash("sha256").update(config).digest("hex")}`;
  serveManifest(manifestType, { config: { digest }, layers: [] });
  sandbox.inject(answerWith(200, {}, config), { path: /blobs/ });
}

describe("the date of an image", () => {
  test("is that of the config of its first platform", async () => {
    await sandbox.push("acme/web", "1.0.0", { created: may });
    expect(valueOf(await registry.created(image, "1.0.0"))).toEqual(may);
  });

  test("is that of the annotation where there is one, and nothing more is read", async () => {
    await sandbox.push("acme/web", "1.0.0");
    const annotations = { "org.opencontainers.image.created": may.toISOString() };
    serveManifest(indexType, { manifests: [], annotations });
    expect(valueOf(await registry.created(image, "1.0.0"))).toEqual(may);
    const read = sandbox.requests.filter(
      ({ path, status }) => status === 200 && /manifests|blobs/.test(path),
    );
    expect(read).toHaveLength(1);
  });

  test.each([
    ["no date", "{}"],
    ["no text", '{"created":7}'],
    ["not a date", '{"created":"yesterday"}'],
    ["the zero of reproducible builds", '{"created":"1970-01-01T00:00:00Z"}'],
    ["the first day of buildpacks", '{"created":"1980-01-01T00:00:01Z"}'],
    ["the zero of Go", '{"created":"0001-01-01T00:00:00Z"}'],
  ])("is unknown where the config holds %s", async (_what, config) => {
    await sandbox.push("acme/web", "1.0.0");
    serveConfig(config);
    expect(valueOf(await registry.created(image, "1.0.0"))).toBeNull();
  });

  test("is unknown for an index of nothing", async () => {
    await sandbox.push("acme/web", "1.0.0");
    serveManifest(indexType, { manifests: [] });
    expect(valueOf(await registry.created(image, "1.0.0"))).toBeNull();
  });

  test("fails where the image is not there", async () => {
    await sandbox.push("acme/web", "1.0.0");
    expect(failureOf(await registry.created(image, "2.0.0")).code).toBe("not-found");
  });
});

test("what is behind a digest is read once, what is behind a tag each time", async () => {
  const digest = await sandbox.push("acme/web", "1.0.0", { created: may });
  await registry.created(image, digest);
  await registry.platforms(image, digest);
  const before = registry.requests;
  expect(valueOf(await registry.created(image, digest))).toEqual(may);
  expect(valueOf(await registry.platforms(image, digest))).toEqual(["linux/amd64", "linux/arm64"]);
  expect(registry.requests).toBe(before);
  await sandbox.push("acme/web", "1.0.0", {
    created: new Date("2026-06-01T00:00:00Z"),
    platforms: ["linux/s390x"],
  });
  expect(valueOf(await registry.platforms(image, "1.0.0"))).toEqual(["linux/s390x"]);
});
