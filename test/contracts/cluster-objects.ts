/** Objects and small tools for suites that talk to a cluster. */

import type { Failure, Result } from "../../src/model/failure.ts";
import type { KubernetesObject } from "../../src/model/resource.ts";
import type { ApplyOptions, WatchEvent } from "../../src/ports/cluster.ts";

/** How Lockkeeper applies, but without force. */
export const ours: ApplyOptions = { manager: "lockkeeper", force: false, dryRun: false, as: "self" };

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

export function failure(result: Result<unknown>): Failure {
  if (result.ok) throw new Error(`succeeded with ${JSON.stringify(result.value)}`);
  return result.failure;
}

export function configMap(namespace: string, name: string, data: object, labels?: object): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace, ...(labels === undefined ? {} : { labels: { ...labels } }) },
    data,
  };
}

export function deployment(namespace: string, name: string, spec: object = {}): KubernetesObject {
  const labels = { app: name };
  const container = { name: "web", image: "registry.invalid/web:1.0.0" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      ...spec,
    },
  };
}

/** Events of a watch, and a way to wait for one. */
export function recorder() {
  const events: WatchEvent[] = [];
  const names = () =>
    events.map((event) =>
      event.type === "synced" ? event.type : `${event.type} ${event.object.metadata.name}`,
    );
  return { events, names, record: (event: WatchEvent) => void events.push(event) };
}

/** For conditions that a cluster reaches by itself. */
export const waiting = { timeout: 15_000, interval: 25 };
