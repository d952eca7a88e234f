/** One webhook delivery as the App's delivery log keeps it. */

import type { Repository } from "./repository-state.ts";

export interface Delivery {
  readonly id: number;
  /** `X-GitHub-Delivery`; the same for a redelivery. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repository: Repository | null;
  readonly redelivery: boolean;
  readonly deliveredAt: Date;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The exact text that was signed. */
  readonly payload: string;
  /** Seconds that the receiver took. */
  duration: number;
  status: string;
  /** 0 until an answer came. */
  statusCode: number;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}
