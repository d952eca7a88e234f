/** The repositories of the bench: generated, the same every time. */

/** Stands for the sandbox's registry in a seed. */
const registry = "registry.sandbox";

export const imageCount = 200;
export const tagCount = 200;
const manifestCount = 500;

export const configuration = (mode: string) => `apps:
  - match: "apps/{app}/{environment}"
    namespace: "{app}-{environment}"
    environment: "{environment}"
    mode: ${mode}
    prune: true
    drift: report
    wait: 2m
pulls:
  limit: 10
  labels: [lockkeeper]
signoff:
  owners: [team:acme/platform]
  default: { approvals: 1, anyOf: [write] }
  rules:
    - name: production
      when: { environment: production }
      need: { approvals: 1, anyOf: [team:acme/sre] }
`;

const deployment = (name: string, image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: main
          image: ${registry}/${image}
          ports: [{ containerPort: 8080 }]
`;

export const imageName = (index: number) => `bench/image-${String(index).padStart(3, "0")}`;
export const tags = Array.from(
  { length: tagCount },
  (_, index) => `1.${Math.floor(index / 10)}.${index % 10}`,
);
const newest = tags.at(-1) ?? "";

/** 500 Deployments of 200 images, all at the newest tag; each image in one environment, so that a bump is one pull request. */
export function manyManifests(): ReadonlyMap<string, Uint8Array> {
  const files = Array.from({ length: manifestCount }, (_, index) => {
    const environment = index % 2 === 0 ? "staging" : "production";
    const image = `${imageName(index % imageCount)}:${newest}`;
    return [`apps/service-${index}/${environment}/web.yaml`, deployment("web", image)] as const;
  });
  return seeded([[".github/lockkeeper.yml", configuration("propose")], ...files]);
}

export const objectCount = 200;
const deploymentCount = 10;
const mapCount = objectCount - deploymentCount - 1;

/** Where the app of 200 objects is. */
export const bigApp = { path: "apps/big/production", namespace: "big-production" } as const;
export const mapName = (index: number) => `settings-${index % mapCount}`;
export const mapPath = (index: number) => `${bigApp.path}/${mapName(index)}.yaml`;

/** A ConfigMap of the big app. */
export function configMap(index: number, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${mapName(index)}\ndata:\n  value: ${value}\n`;
}

/** One app in mode apply: a Namespace, 10 Deployments and 189 ConfigMaps. */
export function bigRepository(): ReadonlyMap<string, Uint8Array> {
  const maps = Array.from(
    { length: mapCount },
    (_, index) => [mapPath(index), configMap(index, "first")] as const,
  );
  const deployments = Array.from({ length: deploymentCount }, (_, index) => {
    const name = `web-${index}`;
    return [`${bigApp.path}/${name}.yaml`, deployment(name, "bench/web:1.0.0")] as const;
  });
  const namespace = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${bigApp.namespace}\n`;
  return seeded([
    [".github/lockkeeper.yml", configuration("apply")],
    [`${bigApp.path}/namespace.yaml`, namespace],
    ...deployments,
    ...maps,
  ]);
}

/** Where workloads are rolled for their configuration; no app has to do with it. */
export const reloadNamespace = "reloads";

/** What the cluster lets the repositories touch. */
export const targets = `targets:
  - repository: acme/big
    paths: ["apps/**"]
    namespaces: ["big-*"]
    kinds: { allow: [Namespace] }
    serviceAccount: self
    baseline: head
  - repository: acme/huge
    paths: ["apps/**"]
    namespaces: ["huge-*"]
    kinds: { allow: [Namespace] }
    serviceAccount: self
    baseline: head
reload: { namespaces: [${reloadNamespace}] }
`;

export function seeded(files: readonly (readonly [string, string])[]): ReadonlyMap<string, Uint8Array> {
  return new Map(files.map(([path, text]) => [path, new TextEncoder().encode(text)]));
}
