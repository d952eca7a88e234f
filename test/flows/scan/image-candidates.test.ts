import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type ImageCandidate,
  type ImageWish,
  listCandidates,
} from "../../../src/flows/scan/image-candidates.ts";
import type { Result } from "../../../src/model/failure.ts";
import { parseImageReference } from "../../../src/model/image.ts";
import type { Registry } from "../../../src/ports/registry.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import { type SandboxRegistry, startRegistry } from "../../../src/sandbox/registry.ts";
import { refuseWith } from "../../../src/sandbox/registry/faults.ts";
import { parsePolicy } from "../../../src/tags/policy-text.ts";
import { type TagSettings, newestVersion } from "../../../src/tags/policy.ts";
import { createThreads } from "../../../src/threads/create-threads.ts";

const now = new Date("2026-06-10T00:00:00Z");
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

const threads = createThreads();
let sandbox: SandboxRegistry;
let registry: Registry;

beforeEach(async () => {
  sandbox = await startRegistry({ clock: { now: () => daysAgo(30) } });
  registry = createRegistry({ insecureHosts: [sandbox.host] });
});
afterEach(() => sandbox.stop());

function wish(image: string, policy = "semver", settings: Partial<TagSettings> = {}): ImageWish {
  const [parsed, read] = [parseImageReference(`${sandbox.host}/${image}`), parsePolicy(policy)];
  if (!parsed.ok || !read.ok) throw new Error("the test is wrong");
  return {
    image: parsed.value,
    policy: { policy: read.value, tags: { ...newestVersion.tags, ...settings } },
  };
}

async function find(...wishes: ImageWish[]): Promise<readonly Result<ImageCandidate>[]> {
  const candidate = await listCandidates({ registry, threads, clock: { now: () => now } }, wishes);
  return Promise.all(wishes.map(candidate));
}

async function found(...about: Parameters<typeof wish>): Promise<ImageCandidate> {
  const [result] = await find(wish(...about));
  if (!result?.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

/** Manifests asked for, with the method: `GET 1.0.0`; digests are cut. */
function manifests(): string[] {
  return sandbox.requests.flatMap(({ method, path }) => {
    const reference = /manifests\/(.{1,13})/.exec(path)?.[1];
    return reference === undefined ? [] : [`${method} ${reference}`];
  });
}

describe("the platforms of the image in use", () => {
  test("have to be there: the latest tag that has them is taken, and what is waited for is said", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0");
    await sandbox.push("acme/web", "1.2.0", { platforms: ["linux/amd64"] });
    expect(await found("acme/web:1.0.0")).toEqual({
      to: { tag: "1.1.0", digest: null },
      kind: "minor",
      reason: "1.1.0 is taken, as 1.2.0 is not there for linux/arm64.",
    });
  });

  test("are those that are named, where some are", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0", { platforms: ["linux/amd64"] });
    expect((await found("acme/web:1.0.0", "semver", { platforms: ["linux/amd64"] })).to?.tag).toBe("1.1.0");
    expect((await found("acme/web:1.0.0", "semver", { platforms: [] })).to?.tag).toBe("1.1.0");
  });

  test("are not known of an image that is gone, and then not asked for", async () => {
    await sandbox.push("acme/web", "1.1.0", { platforms: ["linux/amd64"] });
    expect((await found("acme/web:1.0.0")).to?.tag).toBe("1.1.0");
  });

  test("cost no manifest of a tag that its name rules out, and none where nothing is newer", async () => {
    for (const tag of ["1.0.0", "1.1.0", "2.0.0", "1.2.0-rc.1", "latest"])
      await sandbox.push("acme/web", tag);
    await sandbox.push("acme/api", "1.0.0");
    await find(wish("acme/web:1.0.0", "semver:^1"), wish("acme/api:1.0.0"));
    expect(manifests().filter((one) => one.startsWith("HEAD"))).toEqual(["HEAD 1.0.0", "HEAD 1.1.0"]);
    const read = manifests().filter((one) => one.startsWith("GET"));
    expect(read.map((one) => one.slice(0, "GET sha256:".length))).toEqual(["GET sha256:", "GET sha256:"]);
  });

  test("are read once, however many places hold the image, and never again in this process", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0");
    await find(...Array.from({ length: 20 }, () => wish("acme/web:1.0.0")));
    const gets = (): number => manifests().filter((one) => one.startsWith("GET")).length;
    expect(gets()).toBe(2);
    await find(wish("acme/web:1.0.0"));
    expect(gets()).toBe(2);
  });
});

describe("a minimum age", () => {
  test("holds a tag back until it is over", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0", { created: daysAgo(5) });
    await sandbox.push("acme/web", "1.2.0", { created: daysAgo(1) });
    const age = (days: number) => ({ minimumAgeSeconds: days * 86_400 });
    expect(await found("acme/web:1.0.0", "semver", age(3))).toMatchObject({
      to: { tag: "1.1.0" },
      reason: expect.stringMatching(
        /^1\.1\.0 is taken, as 1\.2\.0 has to be 3d old, which it is from \d{4}-\d\d-\d\d \d\d:\d\d UTC on\.$/,
      ),
    });
    expect((await found("acme/web:1.0.0", "semver", age(1))).to?.tag).toBe("1.2.0");
    expect(await found("acme/web:1.0.0", "semver", age(7))).toMatchObject({ to: null, kind: null });
  });

  test("holds what has no date that can be true", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0", { created: new Date(0) });
    expect((await found("acme/web:1.0.0", "semver", { minimumAgeSeconds: 60 })).reason).toBe(
      "Nothing newer may be taken now: 1.1.0 does not say when it was made, and has to be 1m old.",
    );
  });

  test("looks at no more than twenty images", async () => {
    await sandbox.push("acme/web", "1.0.0");
    for (let patch = 1; patch <= 25; patch += 1) {
      await sandbox.push("acme/web", `1.0.${patch}`, { created: daysAgo(0) });
    }
    const answer = await found("acme/web:1.0.0", "semver", { minimumAgeSeconds: 60, platforms: [] });
    expect(answer.to).toBeNull();
    expect(manifests().filter((one) => one.startsWith("HEAD"))).toHaveLength(20);
  });
});

describe("a digest", () => {
  test("moves together with its tag", async () => {
    const old = await sandbox.push("acme/web", "1.0.0");
    const digest = await sandbox.push("acme/web", "1.1.0");
    expect((await found(`acme/web:1.0.0@${old}`)).to).toEqual({ tag: "1.1.0", digest });
  });

  test("is followed where the policy says so, without a listing", async () => {
    const old = await sandbox.push("acme/web", "stable");
    expect(await found(`acme/web:stable@${old}`, "digest")).toEqual({
      to: null,
      kind: null,
      reason: "stable still has this digest.",
    });
    const digest = await sandbox.push("acme/web", "stable", { labels: { build: "2" } });
    expect(await found(`acme/web:stable@${old}`, "digest")).toEqual({
      to: { tag: "stable", digest },
      kind: "digest",
      reason: "stable has another digest now.",
    });
    expect(sandbox.requests.some(({ path }) => path.includes("tags/list"))).toBe(false);
  });

  test("is pinned where there is none yet", async () => {
    const digest = await sandbox.push("acme/web", "stable");
    expect(await found("acme/web:stable", "digest")).toMatchObject({
      to: { tag: "stable", digest },
      kind: "digest",
    });
  });

  test("is not followed onto an image that lost a platform", async () => {
    const old = await sandbox.push("acme/web", "stable");
    await sandbox.push("acme/web", "stable", { platforms: ["linux/amd64"] });
    expect(await found(`acme/web:stable@${old}`, "digest")).toMatchObject({
      to: null,
      reason: "Nothing newer may be taken now: stable is not there for linux/arm64.",
    });
  });
});

describe("a registry that fails", () => {
  test("leaves the image as it is, unknown", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0");
    sandbox.inject(refuseWith(500), { path: /manifests/ });
    expect(await find(wish("acme/web:1.0.0"))).toMatchObject([
      { ok: false, failure: { code: "unavailable" } },
    ]);
  });

  test("for one tag only lets the one before it through", async () => {
    await sandbox.push("acme/web", "1.0.0");
    await sandbox.push("acme/web", "1.1.0");
    await sandbox.push("acme/web", "1.2.0");
    sandbox.inject(refuseWith(404), { path: /manifests\/1\.2\.0/ });
    const answer = await found("acme/web:1.0.0");
    expect(answer.to?.tag).toBe("1.1.0");
    expect(answer.reason).toContain("1.2.0 could not be read");
  });
});
