/** What `/lockkeeper pause` and `unpause` do: it is written down on the dashboard, and the app is looked at. */

import { type Result, fail, ok } from "../../model/failure.ts";
import type { App } from "../../model/app.ts";
import type { RepositoryRef } from "../../model/repository.ts";
import { minuteOf } from "../../rollout/pause.ts";
import { inertSpan } from "../../text/inert.ts";
import { recordPause } from "../dashboard/dashboard-issue.ts";
import { appsIn } from "../deploy/deploy-app.ts";
import type { World } from "../world.ts";

export interface PauseOrder {
  /** Name or folder of the app. */
  readonly app: string;
  /** 0 ends it. */
  readonly seconds: number;
  readonly why: string;
  readonly by: string;
  /** When it was said, ISO 8601: done again, it is the same pause. */
  readonly at: string;
}

/** A sentence of Markdown; `rejected` where there is no such app. */
export async function pauseApp(
  world: World,
  repository: RepositoryRef,
  order: PauseOrder,
): Promise<Result<string>> {
  const forge = world.forge.open(repository, "command");
  const head = await forge.code.head();
  if (!head.ok) return head;
  const snapshot = await forge.code.snapshot(head.value.sha);
  if (!snapshot.ok) return snapshot;
  const apps = await appsIn(world.threads, snapshot.value);
  const app = apps.find(({ name, path }) => name === order.app || path === order.app);
  if (app === undefined) return fail("rejected", unknown(order.app, apps));
  const { at, by, why, seconds } = order;
  const until = new Date(Date.parse(at) + seconds * 1000).toISOString();
  const { path, name } = app;
  const recorded = await recordPause({ world, repository, forge }, { path, name, at, until, by, why });
  if (!recorded.ok) return recorded;
  world.queue.add({ flow: "deploy", repository, path });
  world.queue.add({ flow: "scan", repository });
  if (seconds === 0) return ok(`${inertSpan(name)} goes on.`);
  const end = `${inertSpan(`/lockkeeper unpause ${name}`)} ends that before`;
  return ok(
    `${inertSpan(name)} is left as it is until ${minuteOf(until)}: nothing is applied and nothing healed. ${end}.`,
  );
}

function unknown(name: string, apps: readonly App[]): string {
  const some = apps.slice(0, 20).map((app) => app.name);
  const known = some.length === 0 ? "none" : some.join(", ");
  return `there is no app ${name}; known are ${known}${apps.length > some.length ? " and more" : ""}`;
}
