/** What was said to the sandbox and what it answered, as the judges see it. */

/** One request and its answer. Bodies are text; a binary body is "" and is not judged. */
export interface Exchange {
  readonly method: string;
  /** As sent: with its query, still encoded. */
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  readonly contentType: string;
  readonly responseBody: string;
}

/** The body as data; undefined when there is none, and the text itself when it is not JSON. */
export function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
