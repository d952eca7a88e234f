/** What an API server fills in, as far as clients notice: the values that make live objects differ from their manifests. */

import { type Stored, type Tree, isTree, treeAt, treesAt } from "./json-tree.ts";

type Fill = (spec: Tree, object: Stored) => Tree;

/** Sets what is missing; what is there wins. */
function fill(target: Tree, defaults: Tree): Tree {
  return { ...defaults, ...target };
}

const rolling = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } };

const bySpec: Readonly<Record<string, Fill>> = {
  Namespace: (spec) => fill(spec, { finalizers: ["kubernetes"] }),
  Pod: podSpec,
  Service: serviceSpec,
  Deployment: (spec) => ({
    ...fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
    strategy:
      treeAt(spec, "strategy").type === "Recreate"
        ? spec.strategy
        : { ...rolling, ...treeAt(spec, "strategy") },
    template: template(spec),
  }),
  StatefulSet: (spec) => ({
    ...fill(spec, {
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    }),
    template: template(spec),
  }),
  DaemonSet: (spec) => ({
    ...fill(spec, {
      revisionHistoryLimit: 10,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    }),
    template: template(spec),
  }),
  ReplicaSet: (spec) => ({ ...fill(spec, { replicas: 1 }), template: template(spec) }),
  Job: jobSpec,
  CronJob: (spec) => ({
    ...fill(spec, {
      concurrencyPolicy: "Allow",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    }),
    jobTemplate: withSpec(treeAt(spec, "jobTemplate"), (job) => ({ ...job, template: template(job) })),
  }),
  HorizontalPodAutoscaler: (spec) => fill(spec, { minReplicas: 1 }),
  NetworkPolicy: (spec) =>
    fill(spec, { policyTypes: spec.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"] }),
};

/** The object as it will be stored. `stringData` of a Secret becomes `data`. */
export function setDefaults(object: Stored): Stored {
  if (object.kind === "Secret") return secret(object);
  const fillSpec = bySpec[object.kind];
  if (fillSpec === undefined) return object;
  return { ...object, spec: fillSpec(treeAt(object, "spec"), object), ...firstStatus(object) };
}

function firstStatus(object: Stored): Tree {
  if (object.status !== undefined) return {};
  if (object.kind === "Namespace") return { status: { phase: "Active" } };
  if (object.kind === "Pod") return { status: { phase: "Pending", qosClass: "BestEffort" } };
  return object.kind === "Service" ? { status: { loadBalancer: {} } } : { status: {} };
}

function secret({ stringData, ...object }: Stored): Stored {
  if (!isTree(stringData)) return { type: "Opaque", ...object };
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  const data = { ...treeAt(object, "data"), ...Object.fromEntries(encoded) };
  return { type: "Opaque", ...object, data };
}

function withSpec(holder: Tree, change: (spec: Tree) => Tree): Tree {
  return { ...holder, spec: change(treeAt(holder, "spec")) };
}

function template(spec: Tree): Tree {
  return withSpec(treeAt(spec, "template"), podSpec);
}

function podSpec(spec: Tree): Tree {
  const filled = fill(spec, {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
  });
  for (const key of ["containers", "initContainers"]) {
    if (Array.isArray(spec[key])) filled[key] = treesAt(spec, key).map(container);
  }
  if (Array.isArray(spec.volumes)) filled.volumes = treesAt(spec, "volumes").map(volume);
  return filled;
}

function volume(entry: Tree): Tree {
  const sources = ["configMap", "secret", "projected"].filter((key) => isTree(entry[key]));
  const filled = sources.map((key) => [key, fill(treeAt(entry, key), { defaultMode: 420 })]);
  return { ...entry, ...Object.fromEntries(filled) };
}

function container(entry: Tree): Tree {
  const image = typeof entry.image === "string" ? entry.image : "";
  const latest = image.endsWith(":latest") || !/[:@][^/]+$/.test(image);
  const filled = fill(entry, {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
  });
  if (Array.isArray(entry.ports))
    filled.ports = treesAt(entry, "ports").map((port) => fill(port, { protocol: "TCP" }));
  return filled;
}

function serviceSpec(spec: Tree, object: Stored): Tree {
  const type = spec.type ?? "ClusterIP";
  const ports = treesAt(spec, "ports").map((port) => fill(port, { protocol: "TCP", targetPort: port.port }));
  const address = type === "ExternalName" ? {} : { clusterIP: addressFor(object.metadata.uid) };
  return { ...fill(spec, { type, sessionAffinity: "None", ...address }), ...(spec.ports ? { ports } : {}) };
}

/** Any address of the service range; it only has to stay the same. */
function addressFor(uid: string): string {
  return `10.0.${Number.parseInt(uid.slice(0, 2), 16)}.${Number.parseInt(uid.slice(2, 4), 16)}`;
}

function jobSpec(spec: Tree, object: Stored): Tree {
  const labels = { "controller-uid": object.metadata.uid, "job-name": object.metadata.name };
  const held = template(spec);
  const metadata = treeAt(held, "metadata");
  return {
    ...fill(spec, { parallelism: 1, completions: 1, backoffLimit: 6 }),
    selector: spec.selector ?? { matchLabels: { "controller-uid": object.metadata.uid } },
    template: { ...held, metadata: { ...metadata, labels: { ...treeAt(metadata, "labels"), ...labels } } },
  };
}
