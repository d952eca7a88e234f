import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suspects } from "../../../src/flows/drift/drift-find.ts";
import { withField } from "../../../src/manifests/live-field.ts";
import { type KubernetesObject, addressAt } from "../../../src/model/resource.ts";
import { objectName } from "../../../src/rollout/drift-findings.ts";
import { isWithin } from "../../../src/rollout/field-path.ts";
import type { Entry, Inventory } from "../../../src/rollout/inventory.ts";
import { type OwnedLeaf, appliedEntries, ownedLeaves } from "../../../src/rollout/owned-fields.ts";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import { allowedKinds, manyManifests } from "../many-manifests.ts";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { value } from "../user-call.ts";

/** `npm run test:soak -- --only drift` takes its time. */
const isSoak = process.env["LOCKKEEPER_SOAK"] !== undefined;
const quietSeconds = isSoak ? 600 : 60;
const batches = isSoak ? 57 : 6;
const editsAtOnce = 10;

const assets = findAssets(process.env);
const where = assets === null ? " (not run: there is no kube-apiserver here, `npm test` builds one)" : "";

let ground: Ground;
let rollout: RolloutWorld;
/** Seconds by which the App is ahead of everything else: what comes and goes within an hour is told of otherwise. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead * 1000) };

const inventory = (): Inventory =>
  rollout.world!.inventories.all().find(({ repository }) => repository.id === rollout.repository.id)!;

function start(): void {
  rollout.start((world) => ({ ...world, clock }));
  rollout.push();
}

async function issues(
  state: "open" | "all",
): Promise<readonly { number: number; title: string; body: string }[]> {
  return rollout.as("grace", "GET", `/issues?state=${state}&labels=lockkeeper%2Fdrift`);
}

async function calm(): Promise<void> {
  await eventually(() => {
    const found = inventory();
    expect(found.pending).toBeNull();
    const seen = [...found.entries.values()].map((entry) => rollout.world!.live.summary(found.app, entry));
    expect(seen.filter((summary) => summary === undefined)).toEqual([]);
    expect(suspects(rollout.world!, found)).toEqual([]);
  }, 240);
}

/** Numbers from 0 to 1 that are the same each time. https://en.wikipedia.org/wiki/Xorshift */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

interface Edit {
  readonly entry: Entry;
  readonly path: string;
}

/** What would stop the server from answering, or lies beyond what one may change. */
const spared = new Set(["ValidatingWebhookConfiguration", "CustomResourceDefinition", "Namespace"]);

/** Somebody else writes one field that Git names; null where the server lets nobody. */
async function editOne(entry: Entry, roll: () => number): Promise<Edit | null> {
  const live = await rollout.cluster.get(addressAt(entry.apiVersion, entry.id));
  if (!live.ok) return null;
  const leaves = appliedEntries(live.value, "lockkeeper")
    .flatMap(({ fieldsV1 }) => ownedLeaves(fieldsV1, live.value))
    .filter((leaf) => isEditable(leaf) && !isWithin(leaf.path, entry.ignored));
  for (let tries = 0; tries < 4 && leaves.length > 0; tries += 1) {
    const leaf = leaves[Math.floor(roll() * leaves.length)]!;
    const { apiVersion, kind, metadata } = live.value;
    const bare = { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } };
    const object = withField(bare, { steps: leaf.steps, value: another(leaf.value) }) as KubernetesObject;
    const options = { manager: "kubectl-edit", force: true, dryRun: false, as: "self" } as const;
    if ((await rollout.cluster.apply(object, options)).ok) return { entry, path: leaf.path };
  }
  return null;
}

function isEditable({ path, value: was, steps }: OwnedLeaf): boolean {
  if (!["string", "number", "boolean"].includes(typeof was) || path.includes("lockkeeper.dev/app"))
    return false;
  if (steps.at(-1) === ".") return false;
  // Written by a key, it would be another item.
  return (
    !steps.some((step) => step.startsWith("v:")) &&
    !/\.(name|containerPort|port|protocol|key|mountPath)$/.test(path)
  );
}

function another(was: unknown): unknown {
  if (typeof was === "number") return was + 1;
  return typeof was === "boolean" ? !was : `${String(was)}x`;
}

async function editSome(roll: () => number): Promise<readonly Edit[]> {
  const entries = [...inventory().entries.values()].filter(({ id }) => !spared.has(id.kind));
  const edits = new Map<string, Edit>();
  while (edits.size < editsAtOnce) {
    const entry = entries[Math.floor(roll() * entries.length)]!;
    const name = objectName(entry.id);
    const edit = edits.has(name) ? null : await editOne(entry, roll);
    if (edit !== null) edits.set(name, edit);
  }
  return [...edits.values()];
}

async function heal(number: number): Promise<void> {
  const body = "/lockkeeper heal";
  const comment = await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
  value(await rollout.forge.open(rollout.repository, "command").issues.react(comment.id, "rocket"));
  rollout.push();
  await eventually(async () => expect(await issues("open")).toEqual([]), 60);
}

describe.skipIf(assets === null)(
  `seven hundred manifests on a real API server with its controllers${where}`,
  () => {
    beforeAll(async () => {
      ground = await startGround("kube-apiserver");
      const more = { config: config.replace("wait: 1m", "wait: 10m"), target: { allowedKinds } };
      rollout = await startRollout(
        ground,
        (namespace) => manyManifests(namespace, namespace, 24).files,
        more,
      );
      start();
      await eventually(() => expect(inventory()?.entries.size).toBeGreaterThanOrEqual(700), 120);
      await calm();
    }, 400_000);
    afterAll(async () => {
      await rollout.stop();
      await ground.stop();
    });

    test(`are no drift for ${quietSeconds} seconds, whatever controllers do, and we look or are killed`, async () => {
      const end = Date.now() + quietSeconds * 1000;
      for (let round = 0; Date.now() < end; round += 1) {
        await pause(5_000);
        if (round % 4 === 3) {
          await rollout.kill();
          start();
        } else rollout.push();
        await rollout.idle();
        await calm();
      }
      expect(await issues("all")).toEqual([]);
    }, 1_200_000);

    test(`tell of each of ${batches * editsAtOnce} random edits, and who made it`, async () => {
      const roll = dice(4711);
      for (let batch = 0; batch < batches; batch += 1) {
        const edits = await editSome(roll);
        const number = await eventually(async () => {
          const [open] = await issues("open");
          const told = edits.map(({ entry, path }) => {
            const body = open?.body ?? "";
            return [
              objectName(entry.id),
              body.includes(objectName(entry.id)),
              path,
              body.includes(`\`${path}\``),
            ];
          });
          expect(told.filter(([, object, , field]) => object !== true || field !== true)).toEqual([]);
          return open!.number;
        }, 60);
        const [open] = await issues("open");
        expect(open?.body.match(/\| `(?!kubectl-edit)[a-z-]+` \(/g) ?? []).toEqual([]);
        await heal(number);
        await calm();
        ahead += 3_601;
      }
    }, 3_600_000);
  },
);
