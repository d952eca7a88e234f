import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ImageCandidate, listCandidates } from "../../../src/flows/scan/image-candidates.ts";
import { parseImageReference } from "../../../src/model/image.ts";
import type { Statement } from "../../../src/model/update.ts";
import { policyFor } from "../../../src/plan/image-rule.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import { type SandboxRegistry, startRegistry } from "../../../src/sandbox/registry.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { createThreads } from "../../../src/threads/create-threads.ts";

const now = new Date("2026-06-10T00:00:00Z");
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

let sandbox: SandboxRegistry;
beforeEach(async () => {
  sandbox = await startRegistry({ clock: { now: () => daysAgo(30) } });
});
afterEach(() => sandbox.stop());

const threads = createThreads();
afterAll(() => threads.close());

async function choice(
  tool: Statement["tool"],
  image: string,
  settings: Statement["settings"],
): Promise<ImageCandidate> {
  const parsed = parseImageReference(`${sandbox.host}/${image}`);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  const about = { image: parsed.value, statement: { tool, name: "It", settings } };
  const wish = { image: parsed.value, ...policyFor([], about, null) };
  const registry = createRegistry({ insecureHosts: [sandbox.host] });
  const find = await listCandidates({ registry, threads, clock: { now: () => now } }, [wish]);
  const found = await find(wish);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

describe("Flux's digestReflectionPolicy", () => {
  const flux = (image: string, digestReflectionPolicy: string, more: Statement["settings"] = {}) =>
    choice("flux", image, { semver: "^1", marker: "image", digestReflectionPolicy, ...more });

  test("Always: the digest of the tag is taken anew while no newer tag comes", async () => {
    const old = await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "2.0.0");
    expect(await flux(`acme/web:1.0.0@${old}`, "Always")).toEqual({
      to: null,
      kind: null,
      reason: "Nothing newer than 1.0.0 is allowed: 2.0.0 is outside ^1. 1.0.0 still has this digest.",
    });
    const digest = await sandbox.push("acme/web", "1.0.0", { labels: { build: "2" } });
    expect(await flux(`acme/web:1.0.0@${old}`, "Always")).toMatchObject({
      to: { tag: "1.0.0", digest },
      kind: "digest",
      reason: expect.stringMatching(/1\.0\.0 has another digest now\.$/),
    });
    expect(await flux("acme/web:1.0.0", "Always")).toMatchObject({ to: { tag: "1.0.0", digest } });
  });

  test("Always: a newer tag comes with its digest", async () => {
    const old = await sandbox.push("acme/web", "1.0.0");
    const digest = await sandbox.push("acme/web", "1.1.0");
    for (const image of ["acme/web:1.0.0", `acme/web:1.0.0@${old}`])
      expect(await flux(image, "Always")).toMatchObject({ to: { tag: "1.1.0", digest }, kind: "minor" });
  });

  test("Always: a tag beyond the range is left alone, digest and all", async () => {
    const old = await sandbox.push("acme/web", "2.0.0");
    await sandbox.push("acme/web", "1.9.0");
    await sandbox.push("acme/web", "2.0.0", { labels: { build: "2" } });
    expect(await flux(`acme/web:2.0.0@${old}`, "Always")).toEqual({
      to: null,
      kind: null,
      reason: "2.0.0 is already newer than ^1 allows, and left alone: the latest that it allows is 1.9.0.",
    });
  });

  test("Always: where nothing newer may be taken yet, the digest is still followed", async () => {
    const digest = await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0", { platforms: ["linux/amd64"] });
    expect(await flux("acme/web:1.0.0", "Always")).toMatchObject({ to: { tag: "1.0.0", digest } });
  });

  test("IfNotPresent: a digest is added once", async () => {
    const digest = await sandbox.push("acme/web", "1.0.0");
    expect(await flux("acme/web:1.0.0", "IfNotPresent")).toMatchObject({
      to: { tag: "1.0.0", digest },
      kind: "digest",
    });
    await sandbox.push("acme/web", "1.0.0", { labels: { build: "2" } });
    expect(await flux(`acme/web:1.0.0@${digest}`, "IfNotPresent")).toMatchObject({
      to: null,
      reason: "1.0.0 is the latest of its kind.",
    });
    const next = await sandbox.push("acme/web", "1.1.0");
    expect(await flux(`acme/web:1.0.0@${digest}`, "IfNotPresent")).toMatchObject({
      to: { tag: "1.1.0", digest: next },
    });
  });

  test("a marked tag without a marked digest gets none, and Never writes none", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0");
    const to = { tag: "1.1.0", digest: null };
    expect(await flux("acme/web:1.0.0", "Always", { marker: "tag" })).toMatchObject({ to });
    expect(await flux("acme/web:1.0.0", "Never")).toMatchObject({ to });
    expect(await flux("acme/web:1.0.0", "Never", { marker: "tag,digest" })).toEqual({
      to: null,
      kind: null,
      reason: "It has no digest for the marker of one: its digestReflectionPolicy is Never.",
    });
  });
});

describe("Image Updater's newest build", () => {
  const newest = (image: string, more: Statement["settings"] = {}) =>
    choice("argocd", image, { "update-strategy": "newest-build", ...more });
  const push = (tag: string, days: number) =>
    sandbox.push("acme/web", tag, { created: daysAgo(days), labels: { tag } });

  test("is the one that was made last, whatever the tags are called", async () => {
    await push("main-aaa", 9);
    await push("main-fff", 7);
    await push("main-bbb", 3);
    await push("pr-7", 1);
    expect(await newest("acme/web:main-aaa", { "allow-tags": "regexp:^main-" })).toEqual({
      to: { tag: "main-bbb", digest: null },
      kind: "tag",
      reason:
        "main-bbb is the latest tag of a known date of those that are asked for that may follow main-aaa.",
    });
    expect(await newest("acme/web:main-aaa", { "ignore-tags": "pr-*, *-b*" })).toMatchObject({
      to: { tag: "main-fff" },
    });
    expect(await newest("acme/web:pr-7")).toMatchObject({ to: null });
  });

  test("is the last by name of those of one date, and no tag that cannot be read", async () => {
    for (const tag of ["c", "a", "b"]) await push(tag, 3);
    await push("z", 1);
    sandbox.inject(refuseWith(404), { path: /manifests\/z/ });
    expect(await newest("acme/web:a")).toMatchObject({ to: { tag: "c" } });
  });

  test("is taken where the image in use has no date, and none where too many would have to be looked at", async () => {
    await sandbox.push("acme/web", "old", { created: new Date(0) });
    await push("new", 1);
    expect(await newest("acme/web:old")).toMatchObject({
      to: { tag: "new" },
      reason: "old is not a tag of a known date, and new is the latest.",
    });
    for (let count = 0; count < 100; count += 1) await sandbox.push("acme/web", `b${count}`);
    const asked = sandbox.requests.length;
    expect(await newest("acme/web:new")).toMatchObject({
      to: null,
      reason:
        "102 tags may be the newest build, and at most 100 are looked at: allow fewer of them by a pattern.",
    });
    expect(sandbox.requests.slice(asked).every(({ path }) => !path.includes("manifests"))).toBe(true);
  });
});

describe("Renovate's extractVersion", () => {
  const extracted = (image: string, more: Statement["settings"] = {}) =>
    choice("renovate", image, { extractVersion: "^v(?<version>.*)$", ...more });

  test("writes a part of the tag, and looks at the image behind all of it", async () => {
    await sandbox.push("acme/web", "v1.0.0");
    await sandbox.push("acme/web", "v1.1.0");
    await sandbox.push("acme/web", "v1.2.0", { platforms: ["linux/amd64"] });
    await sandbox.push("acme/web", "1.9.0");
    expect(await extracted("acme/web:1.0.0")).toEqual({
      to: { tag: "1.1.0", digest: null },
      kind: "minor",
      reason: "1.1.0 is taken, as 1.2.0 is not there for linux/arm64.",
    });
  });
});
