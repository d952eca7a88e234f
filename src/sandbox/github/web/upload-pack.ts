/** What `git clone`, `git fetch` and the first request of `git push` ask for. */

import { pipeline } from "node:stream/promises";
import { ApiError } from "../api-error.ts";
import { bodyOf, refuseWriting, startGit, type GitRequest } from "./git-service.ts";

const services = ["git-upload-pack", "git-receive-pack"];

/** The list of refs of one service, for whoever may use it. */
export async function advertise(call: GitRequest, service: string): Promise<void> {
  if (!services.includes(service)) throw new ApiError(403, "Please upgrade your git client.");
  if (service === "git-receive-pack") refuseWriting(call);
  const { response } = call;
  response.writeHead(200, {
    "content-type": `application/x-${service}-advertisement`,
    "cache-control": "no-cache, max-age=0, must-revalidate",
  });
  const line = `# service=${service}\n`;
  response.write(`${(line.length + 4).toString(16).padStart(4, "0")}${line}0000`);
  const child = startGit(call, [service.slice("git-".length), "--stateless-rpc", "--advertise-refs"]);
  child.stdin.end();
  await pipeline(child.stdout, response);
}

export async function uploadPack(call: GitRequest): Promise<void> {
  const { response } = call;
  const child = startGit(call, ["upload-pack", "--stateless-rpc"]);
  response.writeHead(200, {
    "content-type": "application/x-git-upload-pack-result",
    "cache-control": "no-cache",
  });
  await Promise.all([pipeline(bodyOf(call), child.stdin), pipeline(child.stdout, response)]);
}
