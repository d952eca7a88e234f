/** Archives: a redirect to another origin with a secret that works once. */

import { randomBytes } from "node:crypto";
import { notFound } from "../api-error.ts";
import type { Answer } from "../answer.ts";
import { resolveCommit } from "../read-ref.ts";
import type { Context, Route } from "../router.ts";
import { fullNameOf } from "../store.ts";

const lifeMilliseconds = 5 * 60_000;

async function redirectToArchive(
  { hub, repository, params }: Context,
  format: "tar.gz" | "zip",
): Promise<Answer> {
  const { store } = hub;
  const name = params["ref"] || repository.defaultBranch;
  const sha = await resolveCommit(hub, repository, name);
  if (sha === undefined) throw notFound();
  const secret = randomBytes(20).toString("hex").toUpperCase();
  store.archives.set(secret, {
    repository,
    sha,
    expiresAt: new Date(store.now().getTime() + lifeMilliseconds),
  });
  const location = `${store.webUrl}/${fullNameOf(repository)}/legacy.${format}/${sha}?token=${secret}`;
  return { status: 302, headers: { location } };
}

const permission = { name: "contents", level: "read" } as const;
const root = "/repos/{owner}/{repo}";

export const archiveRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${root}/tarball/{ref}`,
    permission,
    handle: (context) => redirectToArchive(context, "tar.gz"),
  },
  {
    method: "GET",
    path: `${root}/zipball/{ref}`,
    permission,
    handle: (context) => redirectToArchive(context, "zip"),
  },
];
