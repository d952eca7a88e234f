import { afterEach, describe, expect, test } from "vitest";
import { scan } from "../../../src/flows/scan/scan.ts";
import { surveyCommit } from "../../../src/flows/scan/scan-survey.ts";
import type { World } from "../../../src/flows/world.ts";
import { fail } from "../../../src/model/failure.ts";
import type { Threads } from "../../../src/ports/threads.ts";
import { ignorePages } from "../../../src/sandbox/registry/faults.ts";
import { type OwnThreads, createThreads } from "../../../src/threads/create-threads.ts";
import { hostileFiles } from "./hostile-files.ts";
import { type ScanWorld, config, pod, startScan } from "../scan-world.ts";
import { value } from "../user-call.ts";

let world: ScanWorld;
const opened: OwnThreads[] = [];
afterEach(async () => {
  for (const threads of opened.splice(0)) threads.close();
  await world.stop();
});

const folder = "apps/web/staging";
const images = ["acme/web:1.0.0", "acme/web:1.1.0"];

async function titles(): Promise<readonly string[]> {
  return (await world.bumps("open")).map(({ title }) => title);
}

/** Why each file of the head is not read, by its name. */
async function unread(own: World): Promise<Readonly<Record<string, string>>> {
  const { code } = world.forge.open(world.repository, "scan");
  const { sha } = value(await code.head());
  const survey = value(await surveyCommit(own, world.repository, code, sha));
  if (survey === null || "problems" in survey) throw new Error("the configuration is wrong");
  return Object.fromEntries(
    survey.untracked.map(({ file, reason }) => [file.slice(folder.length + 1), reason]),
  );
}

async function changedIn(sha: string): Promise<readonly string[]> {
  const { files } = await world.ada("GET", `/compare/main...${sha}`);
  return files.map(({ filename }: { filename: string }) => filename);
}

/** Real threads, and what each task that fails says. */
function short(deadlineMs: number, failures: string[]): Threads {
  const threads = createThreads({ deadlineMs });
  opened.push(threads);
  return {
    each: threads.each.bind(threads),
    first: async (task, input) => {
      const result = await threads.first(task, input);
      if (!result.ok) failures.push(`${task.name} ${result.failure.message}`);
      return result;
    },
  };
}

/** Ends a task at the value of this file, as the deadline would. */
function cuttingOff(slow: string, threads: Threads): Threads {
  return {
    first: threads.first.bind(threads),
    each: async (task, input, told) => {
      const wanted = (input as { wanted: readonly string[] }).wanted;
      const at = wanted.findIndex((file) => file.endsWith(slow));
      if (at < 0) return threads.each(task, input, told);
      const before = await threads.each(task, { ...input, wanted: wanted.slice(0, at) }, told);
      return before.ok ? fail("timeout", "took longer than 5 s") : before;
    },
  };
}

describe("a repository of hostile files", () => {
  const hostile = Object.entries(hostileFiles).map(([name, text]) => [`${folder}/${name}.yaml`, text]);

  test("has its other images updated, and each file that is not read has its reason", async () => {
    world = await startScan(
      { ...Object.fromEntries(hostile), [`${folder}/web.yaml`]: pod("acme/web:1.0.0") },
      images,
    );
    const own = { ...world.world, threads: short(60_000, []) };
    expect((await scan(own, world.repository)).ok).toBe(true);
    expect(await titles()).toContain("Update acme/web to 1.1.0 in staging");
    expect(await unread(own)).toMatchObject({
      "brackets-of-2-KB.yaml": "line 1: is nested deeper than 64 levels",
      "50000-keys.yaml": expect.stringContaining("has a map of more than 5000 keys"),
      "250000-parts.yaml": expect.stringContaining("has more than 250000 parts"),
      "20000-images.yaml": "holds more than 5000 images",
      "3000-deep.yaml": expect.stringContaining("is nested deeper than 64 levels"),
    });
  });

  test("is read but for the file that takes too long, which is named", async () => {
    const files = ["a.yaml", "slow.yaml", "z.yaml"].map((name) => [
      `${folder}/${name}`,
      pod("acme/web:1.0.0"),
    ]);
    world = await startScan(Object.fromEntries(files), images);
    const own = { ...world.world, threads: cuttingOff("slow.yaml", world.world.threads) };
    expect(await unread(own)).toEqual({ "slow.yaml": "reading it took longer than 5 s" });
    expect(await scan(own, world.repository)).toMatchObject({ ok: true });
    const [pull] = await world.bumps("open");
    expect(await changedIn(pull!.headSha)).toEqual([`${folder}/a.yaml`, `${folder}/z.yaml`]);
  });
});

describe("an image", () => {
  /** Hundreds of states for each of 120 characters: a millisecond for each tag. */
  const slowPattern = String.raw`^(?:(?:\w|\w\w|[a-z]){0,60}){1,2}$`;

  test("whose tags take too long to judge waits, and others are updated", async () => {
    const rules = `images:\n  - match: "*/acme/slow"\n    policy: { semver: "*" }\n    tags: { pattern: '${slowPattern}' }\n`;
    world = await startScan(
      {
        ".github/lockkeeper.yml": `${config}${rules}`,
        [`${folder}/web.yaml`]: pod("acme/web:1.0.0", "acme/slow:1.0.0"),
      },
      [...images, "acme/slow:1.0.0"],
    );
    const tags = Array.from({ length: 20_000 }, (_, index) => `${"a".repeat(120)}-${index}`);
    world.registry.inject(ignorePages(["1.0.0", ...tags]), { path: /acme\/slow\/tags/ });
    const failures: string[] = [];
    const own = { ...world.world, threads: short(1500, failures) };
    expect((await scan(own, world.repository)).ok).toBe(true);
    expect(failures).toEqual(["choose took longer than 1.5 s"]);
    expect(await titles()).toEqual(["Update acme/web to 1.1.0 in staging"]);
  });
});
