/** Records of ours in Markdown that people may edit: a seal tells what stands as we wrote it. */

import { z } from "zod";
import type { RepositoryRef } from "../model/repository.ts";
import type { Forge } from "../ports/forge.ts";
import { makeMarker, readMarker } from "../text/marker.ts";

export type Sealing = Pick<Forge, "seal">;

/** A sort of record: the kind of its marker, and its shape, in whose order it is sealed. */
export interface Sort<T extends object> {
  readonly kind: string;
  readonly shape: z.ZodType<T>;
}

export function writeRecord<T extends object>(
  { seal }: Sealing,
  { id }: RepositoryRef,
  { kind, shape }: Sort<T>,
  value: T,
): string {
  const fields = shape.parse(value);
  return makeMarker(kind, { ...fields, seal: seal(JSON.stringify([kind, id, fields])) });
}

/** Null where the text holds none, or not as it was written for this repository. */
export function readRecord<T extends object>(
  { seal }: Sealing,
  { id }: RepositoryRef,
  { kind, shape }: Sort<T>,
  text: string,
): T | null {
  const marker = readMarker(text, kind);
  const fields = shape.safeParse(marker).data;
  const sealed = z.object({ seal: z.string() }).safeParse(marker).data?.seal;
  if (fields === undefined || sealed === undefined) return null;
  return sealed === seal(JSON.stringify([kind, id, fields])) ? fields : null;
}
