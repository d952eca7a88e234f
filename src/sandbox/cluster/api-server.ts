/** What every kind of API server of the sandbox has. */

import type { AdminApi } from "./admin-api.ts";
import type { Access } from "./kubeconfig.ts";

export interface ApiServer {
  readonly access: Access;
  readonly api: AdminApi;
  /** `v1.20.2` */
  readonly version: string;
  /** ReplicaSets and Pods are made by the server's own controllers: kube-controller-manager runs. */
  readonly controllers: boolean;
  /** Absent where it cannot be: kills it and starts it again with everything that it kept. */
  readonly restart?: () => Promise<void>;
  stop(): Promise<void>;
}
