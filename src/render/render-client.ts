/** Has renderings made by a render server. */

import { isRecord } from "../manifests/same-json.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import { decodeResult, encodeJob, mostBytes } from "./render-wire.ts";
import type { Tool } from "./tools.ts";
import type { Workshop } from "./workshop.ts";

/** It answers by itself before that where a rendering takes too long. */
const graceMs = 30_000;

type FoundTool = Tool & { readonly walls: readonly string[] };

/** `url` without a path; `seconds`: how long one rendering may take there. */
export function remoteWorkshop(url: URL, seconds: number): Workshop {
  const known = new Map<string, FoundTool>();
  const closed = new AbortController();

  async function ask(path: string, body?: string): Promise<Result<string>> {
    // Two wait for each that runs.
    const deadline = AbortSignal.timeout(3 * seconds * 1000 + graceMs);
    try {
      const answer = await fetch(new URL(path, url), {
        method: body === undefined ? "GET" : "POST",
        ...(body !== undefined && { body, headers: { "content-type": "application/json" } }),
        redirect: "error",
        signal: AbortSignal.any([deadline, closed.signal]),
      });
      if (answer.status >= 500 || Number(answer.headers.get("content-length")) > mostBytes) {
        await answer.body?.cancel();
        return fail("unavailable", `the render server at ${url.host} answers ${answer.status}`);
      }
      return ok(await answer.text());
    } catch (error) {
      if (closed.signal.aborted) return fail("cancelled", "was cut off: Lockkeeper is shutting down");
      return fail("unavailable", `the render server at ${url.host} does not answer`, { cause: error });
    }
  }

  return {
    async find({ name }) {
      const last = known.get(name);
      if (last !== undefined) return ok(last);
      const answer = await ask(`/tools/${name}`);
      const found = answer.ok ? decodeResult(answer.value, readTool) : answer;
      if (found.ok) known.set(name, found.value);
      return found;
    },
    async run(job) {
      const answer = await ask("/run", encodeJob(job));
      if (!answer.ok) return answer;
      const ran = decodeResult(answer.value, (value) =>
        typeof value === "string" ? Buffer.from(value, "base64") : null,
      );
      // Another version of it may have its programs elsewhere.
      if (!ran.ok && ran.failure.code === "unsupported") known.clear();
      return ran;
    },
    walls: async (programs) => {
      const found = [...known.values()].find(({ path }) => programs.includes(path));
      return [`on ${url.host}`, ...(found?.walls ?? [])];
    },
    close: () => closed.abort(),
  };
}

function readTool(value: unknown): FoundTool | null {
  if (!isRecord(value)) return null;
  const { path, version, walls } = value;
  if (typeof path !== "string" || typeof version !== "string" || !Array.isArray(walls)) return null;
  return { path, version, walls: walls.map(String) };
}
