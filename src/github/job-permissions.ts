/** What each flow may do: its token gets these permissions and no others of the App's. */

import type { Job } from "../ports/forge.ts";

/** Permission names of `POST /app/installations/{installation_id}/access_tokens`. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

export const jobPermissions: Readonly<Record<Job, Permissions>> = {
  scan: {
    metadata: "read",
    contents: "write",
    pull_requests: "write",
    issues: "write",
    deployments: "read",
    merge_queues: "read",
  },
  check: {
    metadata: "read",
    contents: "read",
    pull_requests: "read",
    issues: "read",
    checks: "write",
    deployments: "read",
    members: "read",
  },
  command: {
    metadata: "read",
    contents: "write",
    pull_requests: "write",
    issues: "write",
    checks: "read",
    deployments: "read",
    members: "read",
  },
  /** Moves the branches that others follow. */
  gate: { metadata: "read", contents: "write" },
  merge: { metadata: "read", contents: "write", pull_requests: "write", merge_queues: "write" },
  /** Judges, and can tell nobody on GitHub. */
  look: {
    metadata: "read",
    contents: "read",
    pull_requests: "read",
    issues: "read",
    checks: "read",
    deployments: "read",
    members: "read",
  },
  deploy: {
    metadata: "read",
    contents: "read",
    pull_requests: "write",
    issues: "write",
    checks: "read",
    deployments: "write",
  },
};
