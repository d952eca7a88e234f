/** The web side, on an origin of its own: Git over smart HTTP, and archives. */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { maySee, type Actor } from "../actor.ts";
import { ApiError } from "../api-error.ts";
import { authenticate } from "../authentication.ts";
import type { Hub } from "../hub.ts";
import { repositoryNamed } from "../moved.ts";
import type { Repository } from "../repository-state.ts";
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
      if (!response.headersSent && error instanceof ApiError) return refuse(response, error);
      // A client that hung up, or a bug of the sandbox, which its log should show.
      process.stderr.write(`sandbox github: ${request.url}: ${String(error)}\n`);
      response.destroy();
    });
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(hub: Hub, hooks: string, { request, response }: Exchange): Promise<void> {
  const url = new URL(request.url ?? "/", hub.store.webUrl);
  if (archivePath.test(url.pathname)) return await sendArchive(hub, url, response);
  const found = gitPath.exec(url.pathname);
  if (!found) throw new ApiError(404, "Not Found");
  const [, owner = "", name = "", service] = found;
  const actor = authenticate(hub.store, request.headers.authorization);
  const repository = visible(hub, actor, repositoryNamed(hub.store, owner, name));
  const call: GitRequest = { hub, request, response, repository, actor, hooks };
  if (service === "info/refs") return await advertise(call, url.searchParams.get("service") ?? "");
  if (request.method !== "POST") throw new ApiError(405, "Method Not Allowed");
  return service === "git-upload-pack" ? await uploadPack(call) : await receivePack(call);
}

function visible(hub: Hub, actor: Actor, repository: Repository | undefined): Repository {
  if (repository && actor.kind !== "app" && maySee(hub.store, actor, repository)) return repository;
  // Git asks for a password only after a 401.
  throw actor.kind === "anonymous"
    ? new ApiError(401, "Authentication required")
    : new ApiError(404, "Repository not found.");
}

function refuse(response: ServerResponse, error: ApiError): void {
  response.writeHead(error.status, {
    "content-type": "text/plain; charset=utf-8",
    ...(error.status === 401 && { "www-authenticate": 'Basic realm="GitHub"' }),
  });
  response.end(error.message);
}
