/** Sends the archive behind a one-time address. */

import type { ServerResponse } from "node:http";
import { ApiError } from "../api-error.ts";
import { archiveOf } from "../git/archive.ts";
import type { Hub } from "../hub.ts";

export async function sendArchive(hub: Hub, url: URL, response: ServerResponse): Promise<void> {
  const { archives, now } = hub.store;
  const secret = url.searchParams.get("token") ?? "";
  const ticket = archives.get(secret);
  archives.delete(secret);
  if (!ticket || ticket.expiresAt <= now() || !url.pathname.endsWith(`/${ticket.sha}`)) {
    throw new ApiError(404, "Not Found");
  }
  const { repository, sha } = ticket;
  const format = url.pathname.includes("/legacy.zip/") ? "zip" : "tar.gz";
  const folder = `${repository.owner.login}-${repository.name}-${sha.slice(0, 7)}`;
  const git = hub.git(repository);
  const archive =
    format === "zip"
      ? await git.run(["archive", "--format=zip", `--prefix=${folder}/`, sha])
      : await archiveOf(git, sha, folder);
  response.writeHead(200, {
    "content-type": format === "zip" ? "application/zip" : "application/x-gzip",
    "content-disposition": `attachment; filename=${folder}.${format}`,
  });
  response.end(archive);
}
