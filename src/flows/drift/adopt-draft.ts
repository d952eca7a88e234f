/** A draft of the default branch with live values in it, and the proof by rendering that they alone have changed. */

import { isDeepStrictEqual } from "node:util";
import { holdsFile } from "../../config/apps.ts";
import { type AdoptAttempt, adoptAttempts } from "../../manifests/adopt-places.ts";
import { type LiveField, withField } from "../../manifests/live-field.ts";
import type { App } from "../../model/app.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Snapshot } from "../../model/repository.ts";
import { type KubernetesObject, resourceId, resourceText } from "../../model/resource.ts";
import type { RenderedObject } from "../../ports/renderer.ts";
import type { Task } from "../../ports/threads.ts";
import type { RawField } from "../../rollout/drift.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";

/** The files of the default branch as far as they are edited, and what they render to. */
export interface Draft {
  readonly files: Snapshot["files"];
  readonly objects: ReadonlyMap<string, RenderedObject>;
}

export interface Desk {
  readonly world: DeployWorld;
  readonly app: App;
  readonly snapshot: Snapshot;
  /** Other apps that read a file, by name. */
  readonly othersReading: (file: string) => readonly string[];
}

export async function rendered(
  { world, app, snapshot }: Desk,
  files: Snapshot["files"],
): Promise<Result<Draft>> {
  const rendering = await world.renderer.render({ ...snapshot, files }, app);
  if (!rendering.ok) return rendering;
  const objects = rendering.value.objects.map((one) => [textOf(one.object, app), one] as const);
  return ok({ files, objects: new Map(objects) });
}

/** As the plan names it: without a namespace of its own an object stands in that of the app, where it has one at all. */
function textOf(object: KubernetesObject, { namespace }: App): string {
  const { metadata } = object;
  return resourceText(
    resourceId({ ...object, metadata: { ...metadata, namespace: metadata.namespace ?? namespace } }),
  );
}

interface Question {
  readonly files: Snapshot["files"];
  readonly folder: string;
  readonly object: KubernetesObject;
  readonly file: string;
  readonly fields: readonly LiveField[];
}

export const adoptTask: Task<Question, readonly AdoptAttempt[]> = {
  module: import.meta.url,
  name: "adoptTask",
  *run({ object, ...rest }) {
    const { apiVersion, kind, metadata } = object;
    const name = { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
    yield [...adoptAttempts({ ...rest, object: { ...object }, name })];
  },
};

/** An attempt with the fields as we know them. */
type Attempt = Pick<AdoptAttempt, "file" | "bytes"> & {
  readonly adopted: readonly RawField[];
  readonly refused: readonly { readonly field: RawField; readonly why: string }[];
};

export async function attemptsFor(
  { world, app }: Desk,
  { files }: Draft,
  { object, file }: RenderedObject,
  fields: readonly RawField[],
): Promise<Result<readonly Attempt[]>> {
  const needed = new Map([...files].filter(([path]) => path === file || holdsFile(app, path)));
  const asked = { files: needed, folder: app.path, object, file, fields };
  const made = await world.threads.first(adoptTask, asked);
  if (!made.ok) return made;
  // A thread answers with copies.
  const known = new Map(fields.map((field) => [field.steps.join("\n"), [field]]));
  const own = ({ steps }: LiveField): readonly RawField[] => known.get(steps.join("\n")) ?? [];
  return ok(
    made.value.map(({ adopted, refused, ...rest }) => ({
      ...rest,
      adopted: adopted.flatMap(own),
      refused: refused.flatMap(({ field, why }) => own(field).map((each) => ({ field: each, why }))),
    })),
  );
}

/** Fields of one object that are to be written into a file. */
export interface Writing {
  readonly text: string;
  readonly file: string;
  readonly fields: readonly RawField[];
}

/** The draft with the fields written into a file, if that renders to just what it rendered to, but for these fields. */
export async function proven(
  desk: Desk,
  draft: Draft,
  {
    text,
    file,
    fields,
  }: { readonly text: string; readonly file: string; readonly fields: readonly RawField[] },
): Promise<Draft | null> {
  const before = draft.objects.get(text);
  if (before === undefined) return null;
  const attempts = await attemptsFor(desk, draft, before, fields);
  const made = attempts.ok
    ? attempts.value.find((each) => each.file === file && each.adopted.length === fields.length)
    : undefined;
  if (made === undefined) return null;
  const next = await rendered(desk, new Map([...draft.files, [file, made.bytes]]));
  if (!next.ok || next.value.objects.size !== draft.objects.size) return null;
  for (const [name, { object }] of draft.objects) {
    const wanted =
      name === text ? fields.reduce<unknown>((sofar, field) => withField(sofar, field), object) : object;
    if (!isDeepStrictEqual(next.value.objects.get(name)?.object, wanted)) return null;
  }
  return next.value;
}
