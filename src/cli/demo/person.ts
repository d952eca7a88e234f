/** A person at GitHub: the few things that people of the demo do, with their own token. */

export interface PullSummary {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly merged: boolean;
  readonly mergeable: boolean | null;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly sha: string };
  readonly user: { readonly login: string };
  readonly merge_commit_sha: string | null;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Sends one request as a person. Never throws for an HTTP status: the demo looks at refusals. */
export interface Person {
  readonly login: string;
  readonly token: string;
  call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
}

export function person(apiUrl: string, login: string, token: string): Person {
  return {
    login,
    token,
    async call<T>(method: string, path: string, body?: unknown) {
      const response = await fetch(apiUrl + path, {
        method,
        headers: {
          authorization: `token ${token}`,
          accept: "application/vnd.github+json",
          "content-type": "application/json",
          "user-agent": `lockkeeper-demo/${login}`,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      const text = await response.text();
      return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as T };
    },
  };
}

/** As `call`, but any other status than a 2xx is a reason to stop the demo. */
export async function must<T>(who: Person, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await who.call<T>(method, path, body);
  if (answer.status >= 300) {
    throw new Error(
      `${who.login}: ${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`,
    );
  }
  return answer.body;
}
