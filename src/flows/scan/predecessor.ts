/** What the app of an environment runs, by the deployments that our App has recorded and the commits that they name. */

import { holdsFile, innermostApp } from "../../config/apps.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import { valueText } from "../../manifests/image-value.ts";
import { imageKey, parseImageReference } from "../../model/image.ts";
import type { ImageValue } from "../../model/update.ts";
import type { Standing } from "../../plan/promotion.ts";
import type { ImagePlace } from "../../plan/unit.ts";
import type { Deployment } from "../../ports/forge.ts";
import { findImages } from "./find-images.ts";
import type { Bench } from "./scan-write.ts";
import type { World } from "../world.ts";

/** The deployments of one app. */
export interface Predecessor {
  /** As GitHub tells now, or as it told this process a while ago where nothing has moved since. */
  standing(app: App, fresh: boolean): Promise<Result<Standing>>;
  /** The values that an app has of an image at a commit, each once. */
  values(app: App, sha: string, image: ImagePlace["image"]): Promise<Result<readonly ImageValue[]>>;
  /**
   * Since when it has run a value well: deployments of the same value, one after the other, count together, as far back as
   * `longEnough` asks for.
   */
  since(app: App, running: Running, longEnough: Date): Promise<Result<Date>>;
}

export interface Running {
  readonly image: ImagePlace["image"];
  readonly value: ImageValue;
  /** Of the newest deployment. */
  readonly since: Date;
}

interface Told {
  readonly head: string;
  readonly at: number;
  readonly standing: Standing;
  /** Since when it has run a value of an image, by `runningText`. */
  readonly since: Map<string, Date>;
}

/** A memory, so that an idle scan asks nothing; by the app. */
const told = new WeakMap<World, Map<string, Told>>();
/** What an app has at a commit never changes: the last commits of each. */
const held = new WeakMap<World, Map<string, Map<string, Images>>>();
/** Commits of an app that are remembered, and deployments of it that are looked at for how long it has run something. */
const mostDeployments = 20;
type Images = ReadonlyMap<string, readonly ImageValue[]>;

/** What was healthy may have become something else without a commit. */
const lookAgainMs = 300_000;

export function predecessorsOf(bench: Bench): Predecessor {
  const asked = new Map<string, Promise<Result<Standing>>>();
  return {
    standing: (app, fresh) => {
      const known = fresh ? undefined : recalled(bench, app);
      if (known !== undefined) return Promise.resolve(ok(known));
      const asking = asked.get(app.path) ?? ask(bench, app);
      asked.set(app.path, asking);
      return asking;
    },
    values: async (app, sha, image) => {
      const images = await imagesAt(bench, app, sha);
      return images.ok ? ok(images.value.get(imageKey(image)) ?? []) : images;
    },
    since: async (app, running, longEnough) => {
      const memory = told.get(bench.world)?.get(`${bench.repository.id} ${app.path}`)?.since;
      const key = runningText(running);
      const known = memory?.get(key);
      if (known !== undefined) return ok(known);
      const since = await runningSince(bench, app, running, longEnough);
      if (since.ok) memory?.set(key, since.value);
      return since;
    },
  };
}

function runningText({ image, value }: Running): string {
  return JSON.stringify([imageKey(image), valueText(value)]);
}

async function runningSince(
  bench: Bench,
  app: App,
  { image, value, since }: Running,
  longEnough: Date,
): Promise<Result<Date>> {
  const listed = await deploymentsOf(bench, app);
  if (!listed.ok) return listed;
  let earliest = since;
  for (const deployment of listed.value.slice(0, mostDeployments)) {
    if (earliest <= longEnough) break;
    const standing = await standingAt(bench.forge.deployments, deployment);
    if (!standing.ok) return standing;
    if (standing.value === null) continue;
    if (standing.value.type !== "healthy") break;
    const images = await imagesAt(bench, app, standing.value.sha);
    if (!images.ok) return images;
    const [only, ...others] = images.value.get(imageKey(image)) ?? [];
    if (only === undefined || others.length > 0 || valueText(only) !== valueText(value)) break;
    if (standing.value.since < earliest) earliest = standing.value.since;
  }
  return ok(earliest);
}

function recalled({ world, repository, head }: Bench, app: App): Standing | undefined {
  const last = told.get(world)?.get(`${repository.id} ${app.path}`);
  if (last?.head !== head.sha || world.clock.now().getTime() - last.at >= lookAgainMs) return undefined;
  return last.standing.type === "healthy" ? last.standing : undefined;
}

async function ask(bench: Bench, app: App): Promise<Result<Standing>> {
  const { world, repository, head } = bench;
  const standing = await readStanding(bench, app);
  if (!standing.ok) return standing;
  const memory = told.get(world) ?? new Map<string, Told>();
  told.set(world, memory);
  const at = world.clock.now().getTime();
  memory.set(`${repository.id} ${app.path}`, {
    head: head.sha,
    at,
    standing: standing.value,
    since: new Map(),
  });
  return standing;
}

/** The newest deployment decides; one that was overtaken before it came to anything says nothing. */
async function readStanding(bench: Bench, app: App): Promise<Result<Standing>> {
  const listed = await deploymentsOf(bench, app);
  if (!listed.ok) return listed;
  for (const deployment of listed.value) {
    const standing = await standingAt(bench.forge.deployments, deployment);
    if (!standing.ok) return standing;
    if (standing.value !== null) return ok(standing.value);
  }
  return ok({ type: "nothing" });
}

/** Newest first. */
async function deploymentsOf({ forge }: Bench, app: App): Promise<Result<readonly Deployment[]>> {
  const listed = await forge.deployments.list({ task: `lockkeeper:${app.name}` });
  return listed.ok ? ok(listed.value.filter(({ environment }) => environment === app.environment)) : listed;
}

async function standingAt(
  deployments: Bench["forge"]["deployments"],
  { id, sha }: Deployment,
): Promise<Result<Standing | null>> {
  const statuses = await deployments.statuses(id);
  if (!statuses.ok) return statuses;
  const newest = statuses.value[0];
  switch (newest?.state) {
    case "success":
      return ok({ type: "healthy", sha, since: new Date(newest.at) });
    case "failure":
    case "error":
      return ok({ type: "unhealthy", sha });
    case "inactive":
      return ok(null);
    default:
      return ok({ type: "deploying", sha });
  }
}

async function imagesAt(bench: Bench, app: App, sha: string): Promise<Result<Images>> {
  const { world, repository, head, survey } = bench;
  if (sha === head.sha) return ok(imagesOf(survey.places.filter((place) => place.app.path === app.path)));
  const memory = held.get(world) ?? new Map<string, Map<string, Images>>();
  held.set(world, memory);
  const key = `${repository.id} ${app.path}`;
  const commits = memory.get(key) ?? new Map<string, Images>();
  memory.set(key, commits);
  const known = commits.get(sha);
  if (known !== undefined) return ok(known);
  const snapshot = await bench.forge.code.snapshot(sha);
  if (!snapshot.ok) return snapshot;
  const found: Pick<ImagePlace, "occurrence" | "image">[] = [];
  const surroundings = { files: snapshot.value.files, kinds: survey.config.shapes };
  const isWanted = (file: string): boolean =>
    holdsFile(app, file) && innermostApp(survey.apps, file)?.path === app.path;
  const read = await findImages({ threads: world.threads, surroundings, isWanted }, (_, { occurrences }) => {
    for (const occurrence of occurrences) {
      const image = parseImageReference(occurrence.image);
      if (image.ok) found.push({ occurrence, image: image.value });
    }
  });
  if (!read.ok) return read;
  const images = imagesOf(found);
  if (read.value.length === 0) commits.set(sha, images);
  const [oldest = sha] = commits.keys();
  if (commits.size > mostDeployments) commits.delete(oldest);
  return ok(images);
}

function imagesOf(places: readonly Pick<ImagePlace, "occurrence" | "image">[]): Images {
  const images = new Map<string, ImageValue[]>();
  for (const { image, occurrence } of places) {
    const values = images.get(imageKey(image)) ?? [];
    const { tag, digest } = occurrence;
    if (!values.some((one) => one.tag === tag && one.digest === digest)) values.push({ tag, digest });
    images.set(imageKey(image), values);
  }
  return images;
}
