/** What a change of configuration costs the API server where workloads are rolled for it. */

import type { KubernetesObject } from "../../src/model/resource.ts";
import { isRecord, valueAt } from "../../src/rollout/json-path.ts";
import { hashAnnotation, observedAnnotation } from "../../src/rollout/reload-workload.ts";
import { must } from "./lockkeeper.ts";
import type { Loop } from "./loop.ts";
import type { Measurement } from "./measurement.ts";
import { asked, sum, text } from "./object-cost.ts";
import { reloadNamespace as namespace } from "./repositories.ts";
import { waitFor } from "./wait-for.ts";

/** All use the same ConfigMap. */
const workloads = 10;

/** Takes ten seconds: so long the end of a burst of changes is waited for. */
export async function reloadCost(loop: Loop): Promise<readonly Measurement[]> {
  const { kind, version } = loop.sandbox.cluster;
  const row = (measure: string, requests: ReadonlyMap<string, number>, per: number): Measurement => ({
    measure: `API server, ${measure}`,
    value: sum(requests) / per,
    unit: "requests",
    goal: null,
    on: `${kind} ${version}`,
    detail: text(requests),
  });
  must(await loop.cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }));
  await configMap(loop, "used", "first");
  for (let index = 0; index < workloads; index++) await apply(loop, deployment(index));
  await waitFor("the records of the workloads", () => everyOne(loop, "metadata", observedAnnotation));
  await loop.settle();
  const unused = await asked(loop, () => configMap(loop, "unused", "first"));
  const same = await asked(loop, async () => {
    const gets = reads(loop);
    await configMap(loop, "used", "first", { label: "new" });
    await waitFor("a look at it", () => (reads(loop) > gets ? true : undefined));
    await loop.settle();
  });
  const changed = await asked(loop, async () => {
    await configMap(loop, "used", "second");
    await waitFor("the rollouts", () => everyOne(loop, "template", hashAnnotation));
    await loop.settle();
  });
  return [
    row("for a changed ConfigMap that nobody uses", unused, 1),
    row(`for a ConfigMap of ${workloads} workloads that changed without a new value`, same, 1),
    row(`per workload of ${workloads} that is rolled for one ConfigMap`, changed, workloads),
  ];
}

function reads({ app }: Loop): number {
  return app.world.cluster?.requests.get("get") ?? 0;
}

async function apply({ cluster }: Loop, object: KubernetesObject): Promise<void> {
  must(await cluster.apply(object, { manager: "kubectl", force: true, dryRun: false, as: "self" }));
}

function configMap(
  loop: Loop,
  name: string,
  value: string,
  labels: Record<string, string> = {},
): Promise<void> {
  return apply(loop, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, labels },
    data: { value },
  });
}

function deployment(index: number): KubernetesObject {
  const labels = { app: `web-${index}` };
  const container = { name: "web", image: "web:1", envFrom: [{ configMapRef: { name: "used" } }] };
  const annotations = { "lockkeeper.dev/reload": "auto" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `web-${index}`, namespace, annotations, labels: { reloads: "yes" } },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

async function everyOne(
  { cluster }: Loop,
  where: "metadata" | "template",
  annotation: string,
): Promise<true | undefined> {
  const found = must(await cluster.list(must(await cluster.kind("apps/v1", "Deployment")), "reloads=yes"));
  const path =
    where === "template" ? ["spec", "template", "metadata", "annotations"] : ["metadata", "annotations"];
  const done = found.filter((object) => {
    const annotations = valueAt(object, ...path);
    return isRecord(annotations) && annotation in annotations;
  });
  return done.length === workloads ? true : undefined;
}
