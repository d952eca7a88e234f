/** The API server as its administrator sees it: what the sandbox itself uses to look and to play. */

import { Agent, request } from "undici";
import type { Access } from "./kubeconfig.ts";

export interface AdminAnswer {
  readonly status: number;
  /** Parsed JSON, or the text where the answer is none. */
  readonly body: unknown;
}

export interface AdminApi {
  call(method: string, path: string, body?: unknown, type?: string): Promise<AdminAnswer>;
  /** The lines of a watch as parsed JSON, until the server or the signal ends it. */
  watch(path: string, signal: AbortSignal): AsyncGenerator;
  close(): Promise<void>;
}

const deadlineMilliseconds = 10_000;

export function openAdminApi(access: Access): AdminApi {
  const dispatcher = new Agent({ connect: { ca: access.authority }, bodyTimeout: 0 });
  const headers = { authorization: `Bearer ${access.token}`, accept: "application/json" };
  return {
    async call(method, path, body, type = "application/json") {
      const answer = await request(`${access.url}${path}`, {
        method: method as "GET",
        dispatcher,
        headers: body === undefined ? headers : { ...headers, "content-type": type },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(deadlineMilliseconds),
      });
      return { status: answer.statusCode, body: parsed(await answer.body.text()) };
    },
    watch: async function* (path, signal) {
      const answer = await request(`${access.url}${path}`, { dispatcher, headers, signal });
      let rest = "";
      for await (const chunk of answer.body.setEncoding("utf8")) {
        const lines = (rest + String(chunk)).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line !== "") yield parsed(line);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
