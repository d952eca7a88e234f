/** What the sandbox's GitHub answers to one request. */

/** What a handler answers. A string or bytes go out as they are, everything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a fault does to the answer on the wire: never sent, or cut in the middle. */
  readonly transport?: "silent" | "truncated";
}
