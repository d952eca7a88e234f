/** What an object costs the API server: unchanged, changed and drifted, in an app of 200. */

import { must as mustAnswer } from "../../src/cli/demo/person.ts";
import { type Loop, deployed, land } from "./loop.ts";
import type { Measurement } from "./measurement.ts";
import { waitFor } from "./wait-for.ts";
import { bigApp, mapName, objectCount } from "./repositories.ts";
import { must } from "./lockkeeper.ts";

type Requests = ReadonlyMap<string, number>;

/** Expects `done` deployments so far. */
export async function objectCost(loop: Loop, done: number): Promise<readonly Measurement[]> {
  const { kind, version } = loop.sandbox.cluster;
  const row = (measure: string, value: number, goal: number | null, detail: string): Measurement => ({
    measure: `API server, ${measure}`,
    value,
    unit: "requests",
    goal,
    on: `${kind} ${version}`,
    detail,
  });
  const idle = await asked(loop, () => deployAgain(loop));
  const one = await asked(loop, () => landAndWait(loop, "one", [50], done + 1));
  const eleven = await asked(loop, () => landAndWait(loop, "eleven", range(60, 71), done + 2));
  const perChanged = (sum(eleven) - sum(one)) / 10;
  const inventory = one.get("replace") ?? 0;
  const alone = await asked(loop, () => drift(loop, [80]));
  const together = await asked(loop, () => drift(loop, range(81, 90)));
  const healed = await asked(loop, () => heal(loop));
  return [
    row("per unchanged object, checked again", sum(idle) / objectCount, 0, text(idle)),
    row(
      "per unchanged object, while one is applied",
      (sum(one) - 1 - inventory) / (objectCount - 1),
      0,
      text(one),
    ),
    row("per changed object", perChanged, 1, text(eleven)),
    row("per deploy, for its inventory", inventory, null, text(one)),
    row("for one drifted object, reported", sum(alone), null, text(alone)),
    row("per object of 9 that drift at once, reported", sum(together) / 9, null, text(together)),
    row("per drifted object of 10, healed", sum(healed) / 10, null, text(healed)),
  ];
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
export const sum = (requests: Requests) => [...requests.values()].reduce((all, each) => all + each, 0);
export const text = (requests: Requests) =>
  [...requests].map(([verb, count]) => `${verb} ${count}`).join(", ") || "no request";

/** Lockkeeper's requests by verb while something ran; opening a watch again is no cost of an object. */
export async function asked({ app }: Pick<Loop, "app">, work: () => Promise<unknown>): Promise<Requests> {
  const requests = app.world.cluster?.requests ?? new Map<string, number>();
  const before = new Map(requests);
  await work();
  const during = [...requests].map(([verb, count]) => [verb, count - (before.get(verb) ?? 0)] as const);
  return new Map(during.filter(([verb, count]) => count > 0 && verb !== "watch"));
}

async function deployAgain({ app, settle }: Loop): Promise<void> {
  const repository = must(await app.forge.repositories()).find(({ name }) => name === "big");
  if (repository === undefined) throw new Error("the App is not installed on acme/big");
  app.queue.add({ flow: "deploy", repository, path: bigApp.path });
  await settle();
}

async function landAndWait(loop: Loop, value: string, maps: readonly number[], count: number): Promise<void> {
  await land(loop, value, maps);
  await waitFor(`${value} in the cluster`, () => loop.seenAt(mapName(maps[0] ?? 0), value));
  await deployed(loop, count);
}

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

const issuesPath = "/repos/acme/big/issues";

async function driftIssue({ grace }: Loop): Promise<Issue | undefined> {
  const path = `${issuesPath}?state=open&labels=lockkeeper%2Fdrift`;
  return (await mustAnswer<Issue[]>(grace, "GET", path))[0];
}

/** Changes ConfigMaps by hand and waits until all of them are reported. */
async function drift(loop: Loop, maps: readonly number[]): Promise<void> {
  const options = { manager: "kubectl-edit", force: true, dryRun: false, as: "self" } as const;
  const edit = (index: number) => {
    const metadata = { name: mapName(index), namespace: bigApp.namespace };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { value: "by hand" } };
    return loop.cluster.apply(object, options);
  };
  for (const edited of await Promise.all(maps.map(edit))) must(edited);
  await waitFor("the drift report", async () => {
    const issue = await driftIssue(loop);
    return maps.every((index) => issue?.body.includes(mapName(index))) ? true : undefined;
  });
  await loop.settle();
}

/** Asks for it in a comment and waits until the issue is closed. */
async function heal(loop: Loop): Promise<void> {
  const issue = await driftIssue(loop);
  await mustAnswer(loop.grace, "POST", `${issuesPath}/${issue?.number}/comments`, {
    body: "/lockkeeper heal",
  });
  await waitFor("the end of the drift", async () =>
    (await driftIssue(loop)) === undefined ? true : undefined,
  );
  await loop.settle();
}
