/** What is kept of a landing that nobody has signed off: in the issue which one it is, in comments of ours who accepts it. */

import { z } from "zod";
import type { UnsignedLanding } from "../../commands/command.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import type { IssueComment } from "../../ports/forge.ts";
import { type Sort, readRecord, writeRecord } from "../sealed-record.ts";
import type { World } from "../world.ts";

type Sealing = Pick<World, "forge">;

const landing = z.object({ app: z.string(), path: z.string(), sha: z.string(), parent: z.string() });

const acceptance = landing.extend({
  by: z.object({ id: z.number(), login: z.string() }),
  /** Which of those who are asked the person was then. */
  is: z.array(z.string()),
  why: z.string(),
  /** Ids of everybody whose acceptance counts; null while more are needed. */
  enough: z.array(z.number()).nullable(),
});

/** One person accepts one landing for one app. */
export type Acceptance = z.infer<typeof acceptance>;

const unsigned: Sort<UnsignedLanding> = { kind: "unsigned", shape: landing };
const accepted: Sort<Acceptance> = { kind: "accepted", shape: acceptance };

export function unsignedText(world: Sealing, repository: RepositoryRef, value: UnsignedLanding): string {
  return writeRecord(world.forge, repository, unsigned, value);
}

/** Null where the text is not as we wrote it. */
export function readUnsigned(
  world: Sealing,
  repository: RepositoryRef,
  text: string,
): UnsignedLanding | null {
  return readRecord(world.forge, repository, unsigned, text);
}

export function acceptanceText(world: Sealing, repository: RepositoryRef, value: Acceptance): string {
  return writeRecord(world.forge, repository, accepted, value);
}

/** Those of a thread that are about a landing and stand as we wrote them. */
export function acceptancesIn(
  world: Sealing,
  repository: RepositoryRef,
  { app, sha, parent }: Omit<UnsignedLanding, "path">,
  thread: readonly IssueComment[],
): readonly Acceptance[] {
  const untouched = thread.filter(({ ours, createdAt, updatedAt }) => ours && createdAt === updatedAt);
  return untouched.flatMap(({ body }) => {
    const found = readRecord(world.forge, repository, accepted, body);
    const about = found?.app === app && found.sha === sha && found.parent === parent;
    return found !== null && about ? [found] : [];
  });
}
