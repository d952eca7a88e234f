/** Which flow works on which key. */

import { findApps, lookAgain } from "../flows/deploy/apps.ts";
import { check } from "../flows/check/check.ts";
import { command } from "../flows/command/command.ts";
import { comments } from "../flows/command/comments.ts";
import { dashboard } from "../flows/dashboard/dashboard.ts";
import { deploy } from "../flows/deploy/deploy.ts";
import { plan } from "../flows/plan/plan.ts";
import { pulls } from "../flows/check/pulls.ts";
import { reload } from "../flows/reload/reload.ts";
import { resync } from "../flows/resync.ts";
import { scan } from "../flows/scan/scan.ts";
import { unlessFrozen } from "../flows/unless-frozen.ts";
import { type Result, ok } from "../model/failure.ts";
import type { Key } from "../model/key.ts";
import type { OpenedWorld } from "./create-world.ts";

type FlowOf<K extends Key> = (opened: OpenedWorld, key: K) => Promise<Result<void>>;

const flows: { readonly [F in Key["flow"]]: FlowOf<Extract<Key, { flow: F }>> } = {
  scan: ({ world }, key) => scan(world, key.repository),
  check: ({ world }, key) => check(world, key),
  plan: async (opened, key) => (opened.deploy === null ? ok(undefined) : plan(opened.deploy, key)),
  command: ({ world }, key) => command(world, key),
  dashboard: ({ world }, key) => dashboard(world, key),
  deploy: async (opened, key) => (opened.deploy === null ? ok(undefined) : deploy(opened.deploy, key)),
  apps: async (opened, key) => (opened.deploy === null ? ok(undefined) : findApps(opened.deploy, key)),
  landings: async (opened, key) => (opened.deploy === null ? ok(undefined) : lookAgain(opened.deploy, key)),
  pulls: ({ world }, key) => pulls(world, key),
  comments: ({ world }, key) => comments(world, key),
  scans: ({ world }) => resync(world, "scan"),
  reload: async (opened, key) => (opened.reload === null ? ok(undefined) : reload(opened.reload, key)),
  resync: ({ world, reload: reloads }) => {
    // It does not wait for GitHub.
    if (reloads !== null) world.queue.add({ flow: "reload", namespace: "" });
    return resync(world);
  },
};

/** Runs the flow of a key once. Where there is no cluster, nothing is deployed. */
export async function runKey(opened: OpenedWorld, key: Key): Promise<Result<void>> {
  const done = await (flows[key.flow] as FlowOf<Key>)(opened, key);
  return "repository" in key ? unlessFrozen(opened.world, key.repository, done) : done;
}
