/** The faults that the sandbox can be asked for. */

/**
 * - `unauthorized` 401, `secondary-limit` 403 with retry-after, `rate-limit` 429, `server-error` 500, `bad-gateway` 502:
 *   the request has no effect; with `after` it has, and only the answer is lost.
 * - `silence`: the connection stays open and no answer comes. `truncated`: half of the body, then the connection breaks.
 * - `drop`, `double`, `delay`, `reorder` (after the next one) a webhook.
 * - `stale`: for `milliseconds` after a ref moved or a pull request was merged, readers see what was before.
 */
export const faultKinds = [
  "unauthorized",
  "secondary-limit",
  "rate-limit",
  "server-error",
  "bad-gateway",
  "silence",
  "truncated",
  "drop",
  "double",
  "delay",
  "reorder",
  "stale",
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Of requests; any without it. */
  readonly method?: string;
  /** Path of requests, or name of an event; `*` stands for any text. Default: all. */
  readonly match?: string;
  /** Meets so many, then is gone. Default: 1, or without end where `every` is given or for `stale`. */
  readonly times?: number;
  /** Meets only each n-th that matches. */
  readonly every?: number;
  /** The request has its effect before the answer is spoilt. `truncated` always has. */
  readonly after?: boolean;
  /** Of `secondary-limit` and `rate-limit`: what retry-after says. Default 60. */
  readonly seconds?: number;
  /** Of `delay` and `stale`. Default 1000. */
  readonly milliseconds?: number;
}
