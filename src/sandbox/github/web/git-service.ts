/** A Git service of a repository, run for one request over HTTP. */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { covers, includesRole, levelOf, roleOf, type Actor } from "../actor.ts";
import { ApiError } from "../api-error.ts";
import { gitEnvironment } from "../git/run-git.ts";
import type { Hub } from "../hub.ts";
import type { Repository } from "../repository-state.ts";

export interface GitRequest {
  readonly hub: Hub;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly repository: Repository;
  readonly actor: Actor;
  readonly hooks: string;
}

/** Throws where the actor may not push to the repository at all. */
export function refuseWriting({ hub, actor, repository }: GitRequest): void {
  if (actor.kind === "anonymous") throw new ApiError(401, "Authentication required");
  const may =
    actor.kind === "user"
      ? includesRole(roleOf(hub.store, repository, actor.user), "write")
      : actor.kind === "installation" &&
        covers(actor.token, repository) &&
        levelOf(actor.token, "contents") === "write";
  if (!may || repository.archived) throw new ApiError(403, "Write access to repository not granted.");
}

/** Git compresses large requests. */
export function bodyOf({ request }: GitRequest): Readable {
  return request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
}

/** A Git service on the repository; the client may ask for a protocol version. */
export function startGit(
  { repository, request }: GitRequest,
  args: readonly string[],
  more: { config?: readonly string[]; environment?: Readonly<Record<string, string>> } = {},
): ChildProcessWithoutNullStreams {
  const protocol = request.headers["git-protocol"];
  const environment = gitEnvironment({
    ...more.environment,
    ...(typeof protocol === "string" && { GIT_PROTOCOL: protocol }),
  });
  const config = ["uploadpack.allowReachableSHA1InWant=true", ...(more.config ?? [])];
  const child = spawn("git", [...config.flatMap((one) => ["-c", one]), ...args, repository.directory], {
    env: environment,
  });
  child.stderr.resume();
  child.stdin.on("error", () => undefined);
  return child;
}
