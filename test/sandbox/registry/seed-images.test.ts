import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import { ownManifest, readAppManifest } from "../../../src/sandbox/app-manifest.ts";
import { startSandbox } from "../../../src/sandbox/sandbox.ts";
import { readSeed } from "../../../src/sandbox/seed.ts";
import { failureOf, imageAt, valueOf } from "../../registry/references.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "lockkeeper-seed-"))));
afterEach(() => rm(folder, { recursive: true }));

const seedOf = async (images: string) => {
  await writeFile(join(folder, "seed.yml"), `images: { acme/web: ${images} }\n`);
  return readSeed(folder);
};

test("an image of a seed is a tag, or a tag with what the image says of itself", async () => {
  const labelled = '{ tag: "1.1.0", labels: { org.opencontainers.image.revision: 0a1b2c3 } }';
  const annotated = '{ tag: "1.2.0", annotations: { org.opencontainers.image.revision: 4d5e6f7 } }';
  const seed = valueOf(await seedOf(`["1.0.0", ${labelled}, ${annotated}]`));
  const app = valueOf(await readAppManifest(ownManifest));
  const sandbox = await startSandbox({ app, seed, cluster: "in-memory" });
  const registry = createRegistry({ insecureHosts: [sandbox.registry.host] });
  const image = imageAt(sandbox.registry.host, "acme/web");
  const tags = ["1.0.0", "1.1.0", "1.2.0"];
  expect(valueOf(await registry.tags(image)).tags).toEqual(tags);
  const said = await Promise.all(tags.map((tag) => registry.labels(image, tag)));
  expect(said.map((labels) => valueOf(labels).revision)).toEqual([null, "0a1b2c3", "4d5e6f7"]);
  await sandbox.stop();
});

test.each([
  ["[7]", /web\.0: must be a tag, or \{ tag, labels, annotations \}/],
  ["[{ labels: {} }]", /web\.0/],
  ['[{ tag: "1.0.0", label: {} }]', /web\.0: .*"label"/],
])("an image of a seed that is %s is refused", async (images, says) => {
  expect(failureOf(await seedOf(images)).message).toMatch(says);
});
