/** Writes live values into the files of the default branch, and proves each by rendering: it alone changes, and as wanted. */

import { holdsFile } from "../../config/apps.ts";
import type { App } from "../../model/app.ts";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { Head } from "../../model/repository.ts";
import { type ResourceId, resourceText } from "../../model/resource.ts";
import type { LeftField } from "../../rollout/adoption-text.ts";
import type { RawField } from "../../rollout/drift.ts";
import { objectName } from "../../rollout/drift-findings.ts";
import { type Desk, type Draft, type Writing, attemptsFor, proven, rendered } from "./adopt-draft.ts";
import { isReadBy, readsOf } from "../deploy/app-reads.ts";
import { appsIn } from "../deploy/deploy-app.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import type { Found } from "./drift-find.ts";
import type { DriftInput } from "./drift-input.ts";

/** An object with its fields as they are live, or why none of it is written. */
export interface LiveObject {
  readonly found: Found;
  readonly fields: readonly RawField[];
  readonly why: string | null;
}

/** One field that Git says as it is live now. */
export interface AdoptedField {
  readonly of: LiveObject;
  readonly field: RawField;
  readonly file: string;
}

export interface Adoption {
  readonly head: Head;
  /** New contents by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly adopted: readonly AdoptedField[];
  readonly left: readonly LeftField[];
}

/** `rejected` where nothing can be written at all. */
export async function adoptObjects(
  world: DeployWorld,
  { app, forge }: DriftInput,
  objects: readonly LiveObject[],
): Promise<Result<Adoption>> {
  const head = await forge.code.head();
  if (!head.ok) return head;
  const snapshot = await forge.code.snapshot(head.value.sha);
  if (!snapshot.ok) return snapshot;
  const apps = await appsIn(world.threads, snapshot.value);
  const own = apps.find(({ path }) => path === app.path);
  if (own === undefined) return fail("rejected", "the default branch has no such app any more");
  const others = apps.filter((each) => each !== own);
  const reads = await readsOf(world.threads, snapshot.value.files, others);
  const othersReading = (file: string): readonly string[] =>
    others
      .filter((each) => {
        const own = reads.get(each.path) ?? null;
        return holdsFile(each, file) || own === null || isReadBy(own, file);
      })
      .map(({ name }) => name);
  const desk = { world, app: own, snapshot: snapshot.value, othersReading };
  const first = await rendered(desk, snapshot.value.files);
  if (!first.ok) return fail("rejected", first.failure.message);
  let draft = first.value;
  const adopted: AdoptedField[] = [];
  const left: LeftField[] = [];
  for (const object of objects) {
    const name = objectName(object.found.drift.id);
    if (object.why !== null) {
      left.push({ object: name, field: null, why: object.why });
      continue;
    }
    const done = await adoptOne(desk, draft, object);
    draft = done.draft;
    adopted.push(...done.adopted);
    left.push(...done.left.map(({ field, why }) => ({ object: name, field: field.path, why })));
  }
  const files = new Map([...draft.files].filter(([path, bytes]) => snapshot.value.files.get(path) !== bytes));
  return ok({ head: head.value, files, adopted, left });
}

interface Done {
  readonly draft: Draft;
  readonly adopted: readonly AdoptedField[];
  readonly left: readonly { readonly field: RawField; readonly why: string }[];
}

async function adoptOne(desk: Desk, start: Draft, object: LiveObject): Promise<Done> {
  const text = textIn(start, desk.app, object.found.planned.entry.id);
  const before = start.objects.get(text);
  const nothing = (why: string): Done => ({
    draft: start,
    adopted: [],
    left: object.fields.map((field) => ({ field, why })),
  });
  if (before === undefined) return nothing("the default branch does not have the object");
  const attempts = await attemptsFor(desk, start, before, object.fields);
  if (!attempts.ok) return nothing(attempts.failure.message);
  let draft = start;
  let rest = object.fields;
  const adopted: AdoptedField[] = [];
  const reasons = new Map<RawField, string>();
  for (const { file, adopted: written, refused } of attempts.value) {
    for (const { field, why } of refused) reasons.set(field, `${file}: ${why}`);
    const fields = rest.filter((field) => written.includes(field));
    const barred = whyBarred(desk, file);
    const tried = barred === null ? await tryInto(desk, draft, { text, file, fields }) : { draft, done: [] };
    const why = barred ?? `writing it into ${file} does not come out as it is in the cluster`;
    for (const field of fields) reasons.set(field, why);
    draft = tried.draft;
    rest = rest.filter((field) => !tried.done.includes(field));
    adopted.push(...tried.done.map((field) => ({ of: object, field, file })));
  }
  const left = rest.map((field) => ({ field, why: reasons.get(field) ?? whyNowhere(desk) }));
  return { draft, adopted, left };
}

function textIn({ objects }: Draft, { namespace }: App, id: ResourceId): string {
  const text = resourceText(id);
  return objects.has(text) ? text : resourceText({ ...id, namespace });
}

/** All of them at once; where that does not come out as wanted, one by one. */
async function tryInto(
  desk: Desk,
  start: Draft,
  { fields, ...where }: Writing,
): Promise<{ readonly draft: Draft; readonly done: readonly RawField[] }> {
  const whole = fields.length === 0 ? null : await proven(desk, start, { ...where, fields });
  if (whole !== null) return { draft: whole, done: fields };
  let draft = start;
  const done: RawField[] = [];
  for (const field of fields.length > 1 ? fields : []) {
    const next = await proven(desk, draft, { ...where, fields: [field] });
    if (next === null) continue;
    draft = next;
    done.push(field);
  }
  return { draft, done };
}

function whyBarred({ app, othersReading }: Desk, file: string): string | null {
  const others = othersReading(file);
  if (others.length === 0) return null;
  const who = others.length === 1 ? `the app ${others[0] ?? ""} reads` : `${others.length} other apps read`;
  return holdsFile(app, file)
    ? `it stands in ${file}, which ${who} too`
    : `it comes from ${file}, which ${who} too: change it there by hand, or add a patch`;
}

function whyNowhere({ snapshot, app }: Desk): string {
  return snapshot.files.has(`${app.path}/Chart.yaml`)
    ? `it comes from the chart in ${app.path}: change its values by hand`
    : "no file of the app says it in a way that can be changed";
}
