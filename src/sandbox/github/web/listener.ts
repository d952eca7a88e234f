/** The web side, on an origin of its own: Git over smart HTTP, and archives. */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { maySee } from "../actor.ts";
import { ApiError } from "../api-error.ts";
import { authenticate } from "../authentication.ts";
import type { Hub } from "../hub.ts";
import { formerRepository } from "../moved.ts";
import { findRepository } from "../store.ts";
import { sendArchive } from "./archive.ts";
import type { GitRequest } from "./git-service.ts";
import { receivePack } from "./receive-pack.ts";
import { advertise, uploadPack } from "./upload-pack.ts";

const gitPath = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;
const archivePath = /^\/([^/]+)\/([^/]+)\/legacy\.(tar\.gz|zip)\/([0-9a-f]{40})$/;

/** Listens to the requests of a server; `hooks` is the folder with the hooks that guard pushes. */
export function webListener(hub: Hub, hooks: string): RequestListener {
  return (request, response) => {
    serve(hub, hooks, { request, response }).catch((error: unknown) => {
      if (!response.headersSent && error instanceof ApiError) refuse(response, error);
      else response.destroy();
    });
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(hub: Hub, hooks: string, { request, response }: Exchange): Promise<void> {
  const url = new URL(request.url ?? "/", hub.store.webUrl);
  const archive = archivePath.exec(url.pathname);
  if (archive) return await sendArchive(hub, url, response);
  const found = gitPath.exec(url.pathname);
  if (!found) throw new ApiError(404, "Not Found");
  const actor = authenticate(hub.store, request.headers.authorization);
  const [, owner = "", name = ""] = found;
  const repository = findRepository(hub.store, owner, name) ?? formerRepository(hub.store, owner, name);
  if (!repository || actor.kind === "app" || !maySee(hub.store, actor, repository)) {
    // Git asks for a password only after a 401.
    throw actor.kind === "anonymous"
      ? new ApiError(401, "Authentication required")
      : new ApiError(404, "Repository not found.");
  }
  const call: GitRequest = { hub, request, response, repository, actor, hooks };
  if (found[3] === "info/refs") return await advertise(call, url.searchParams.get("service") ?? "");
  if (request.method !== "POST") throw new ApiError(405, "Method Not Allowed");
  return found[3] === "git-upload-pack" ? await uploadPack(call) : await receivePack(call);
}

function refuse(response: ServerResponse, error: ApiError): void {
  response.writeHead(error.status, {
    "content-type": "text/plain; charset=utf-8",
    ...(error.status === 401 && { "www-authenticate": 'Basic realm="GitHub"' }),
  });
  response.end(error.message);
}
