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

describe("what an image says of itself", () => {
  const prefix = "org.opencontainers.image.";
  const commit = "4894124079e525c3c3c5c8aacaa653b5499004e9";
  const nothing = {
    source: null,
    revision: null,
    version: null,
    url: null,
    documentation: null,
    licenses: null,
  };
  const about = {
    source: "https://github.com/acme/web",
    revision: commit,
    version: "1.0.0",
    url: "https://acme.example/web",
    documentation: "https://acme.example/docs",
    licenses: "Apache-2.0 OR MIT",
  };
  const written = Object.fromEntries(Object.entries(about).map(([name, value]) => [prefix + name, value]));
  const reads = (): number =>
    sandbox.requests.filter(({ path, status }) => status === 200 && /manifests|blobs/.test(path)).length;

  test("is read from the labels of the first platform's config, with its date", async () => {
    await sandbox.push("acme/web", "1.0.0", { created: may, labels: written });
    expect(valueOf(await registry.labels(image, "1.0.0"))).toEqual({ ...about, created: may });
    expect(reads()).toBe(3);
  });

  test("is read from the annotations of the index, where these tell the source", async () => {
    const annotations = { ...written, [`${prefix}created`]: may.toISOString() };
    await sandbox.push("acme/web", "1.0.0", { annotations, labels: { [`${prefix}source`]: "elsewhere" } });
    expect(valueOf(await registry.labels(image, "1.0.0"))).toEqual({ ...about, created: may });
    expect(reads()).toBe(1);
  });

  test("is put together of what each place says, the outermost first", async () => {
    const annotations = { [`${prefix}version`]: "2.0.0", [`${prefix}source`]: "" };
    await sandbox.push("acme/web", "1.0.0", { created: may, annotations, labels: written });
    expect(valueOf(await registry.labels(image, "1.0.0"))).toEqual({
      ...about,
      version: "2.0.0",
      created: may,
    });
  });

  test("may be in the words of before", async () => {
    const labels = {
      "org.label-schema.vcs-url": about.source,
      "org.label-schema.vcs-ref": commit,
      "org.label-schema.usage": about.documentation,
      [`${prefix}revision`]: "",
      "": "of nothing",
    };
    await sandbox.push("acme/web", "1.0.0", { labels });
    const { documentation, licenses, revision, source } = valueOf(await registry.labels(image, "1.0.0"));
    expect([source, revision, documentation, licenses]).toEqual([
      about.source,
      commit,
      about.documentation,
      null,
    ]);
  });

  test("has the date of the config, not of a label that may be its base's", async () => {
    await sandbox.push("acme/web", "1.0.0", {
      created: may,
      labels: { [`${prefix}created`]: "2025-01-01T00:00:00Z" },
    });
    expect(valueOf(await registry.labels(image, "1.0.0")).created).toEqual(may);
    serveConfig(
      `{"config":{"Labels":{"${prefix}created":"2026-05-01T12:00:00Z"}},"created":"1970-01-01T00:00:00Z"}`,
    );
    expect(valueOf(await registry.labels(image, "1.0.0")).created).toEqual(may);
  });

  test.each([
    ["a line end", "https://acme.example/\n@acme/everyone"],
    ["an escape", "https://acme.example/\u001b[2J"],
    ["what turns the text round", "https://acme.example/\u202egnp.exe"],
    ["what nobody sees", "https://acme\u200b.example/"],
    ["a line separator", "https://acme.example/\u2028x"],
    ["half a character", "https://acme.example/\ud800"],
    ["a value of 301 characters", `https://acme.example/${"x".repeat(280)}`],
    ["a value of 1 MB", "x".repeat(1_000_000)],
    ["nothing but spaces", "   "],
  ])("is not used where it holds %s", async (_what, source) => {
    await sandbox.push("acme/web", "1.0.0", { created: may, labels: { [`${prefix}source`]: source } });
    expect(valueOf(await registry.labels(image, "1.0.0"))).toEqual({ ...nothing, created: may });
  });

  test.each([
    ["a list", '{"config":{"Labels":["x"]}}'],
    ["a text", '{"config":{"Labels":"x"}}'],
    ["null", '{"config":{"Labels":null}}'],
    ["numbers", `{"config":{"Labels":{"${prefix}source":7,"__proto__":{"${prefix}source":"x"}}}}`],
    ["no object", "[]"],
    ["no JSON", "<html>"],
  ])("is nothing where the labels are %s", async (_what, config) => {
    await sandbox.push("acme/web", "1.0.0");
    serveConfig(config);
    expect(valueOf(await registry.labels(image, "1.0.0"))).toEqual({ ...nothing, created: null });
  });

  test("is nothing for what is no image", async () => {
    await sandbox.push("acme/web", "1.0.0");
    serveManifest(manifestType, { config: { digest: "sha256:short" } });
    expect(valueOf(await registry.labels(image, "1.0.0"))).toEqual({ ...nothing, created: null });
    expect(failureOf(await registry.labels(image, "../../secrets")).code).toBe("malformed");
  });

  test("costs nothing more once the platforms, the date or it has been asked for", async () => {
    const digest = await sandbox.push("acme/web", "1.0.0", { created: may, labels: written });
    const answers = [
      registry.labels(image, digest),
      registry.created(image, digest),
      registry.platforms(image, digest),
    ];
    for (const answer of await Promise.all<{ ok: boolean }>(answers)) expect(answer.ok).toBe(true);
    expect(valueOf(await registry.created(image, digest))).toEqual(may);
    expect(reads()).toBe(3);
  });
});

test("an index of nothing but itself is read twice, and not for ever", async () => {
  await sandbox.push("acme/web", "1.0.0");
  const digest = `sha256:${"a".repeat(64)}`;
  serveManifest(indexType, { manifests: [{ digest }] });
  expect(failureOf(await registry.labels(image, "1.0.0")).message).toMatch(/does not have the digest/);
});

test("an index of more than a thousand images is refused", async () => {
  await sandbox.push("acme/web", "1.0.0");
  const place = { os: "linux", architecture: "amd64" };
  serveManifest(indexType, { manifests: Array.from({ length: 1001 }, () => ({ platform: place })) });
  expect(failureOf(await registry.platforms(image, "1.0.0")).code).toBe("too-large");
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
