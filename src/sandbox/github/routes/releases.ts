/** Releases of a repository. */

import type { Answer } from "../answer.ts";
import { validationFailed } from "../api-error.ts";
import { optionalFlag, optionalText, text } from "../input.ts";
import { paginate } from "../page.ts";
import { presentRelease } from "../present/release.ts";
import type { Context, Route } from "../router.ts";
import { writerOf } from "../writer.ts";

const path = "/repos/{owner}/{repo}/releases";

export const releaseRoutes: readonly Route[] = [
  { method: "GET", path, permission: { name: "contents", level: "read" }, handle: list },
  { method: "POST", path, permission: { name: "contents", level: "write" }, handle: create },
];

/** The newest first. */
function list(context: Context): Promise<Answer> {
  const { hub, repository } = context;
  return paginate(context, repository.releases.toReversed(), (release) =>
    presentRelease(hub.store, repository, release),
  );
}

function create(context: Context): Answer {
  const { hub, repository, body } = context;
  const tag = text(body, "tag_name");
  if (repository.releases.some((release) => release.tag === tag)) {
    throw validationFailed({ resource: "Release", code: "already_exists", field: "tag_name" });
  }
  const release = {
    id: hub.store.nextId(),
    tag,
    name: optionalText(body, "name") ?? null,
    body: optionalText(body, "body") ?? null,
    draft: optionalFlag(body, "draft") ?? false,
    prerelease: optionalFlag(body, "prerelease") ?? false,
    author: writerOf(context),
    createdAt: hub.store.now(),
  };
  repository.releases.push(release);
  const shown = presentRelease(hub.store, repository, release);
  return { status: 201, body: shown, headers: { location: String(shown["url"]) } };
}
