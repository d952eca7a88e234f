/** What a controller sees and where it reports. */

import type { Desk, Live } from "./desk.ts";
import type { Counts } from "./workload-status.ts";

export interface Scene {
  readonly desk: Desk;
  readonly pods: readonly Live[];
  readonly now: Date;
}

export const apps = "/apis/apps/v1";
export const core = "/api/v1";

export async function report({ desk }: Scene, plural: string, object: Live, status: Counts): Promise<void> {
  await desk.report({ group: apps, plural, manager: "kube-controller-manager" }, object, status);
}
