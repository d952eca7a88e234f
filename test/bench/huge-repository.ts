/** A repository of 10,000 objects in 20 apps, one file each. */

import { configuration, seeded } from "./repositories.ts";

export const appCount = 20;
const deploymentsPerApp = 50;
const mapsPerApp = 449;
/** With its Namespace. */
export const objectsPerApp = 1 + deploymentsPerApp + mapsPerApp;
export const hugeCount = appCount * objectsPerApp;

export interface HugeApp {
  readonly path: string;
  readonly namespace: string;
}

export const hugeApps: readonly HugeApp[] = Array.from({ length: appCount }, (_, index) => ({
  path: `apps/huge/${index}`,
  namespace: `huge-${index}`,
}));

export const hugeMapName = (index: number) => `settings-${index}`;

/** About 1 KiB. */
function configMap(index: number): string {
  const lines = Array.from(
    { length: 16 },
    (_, line) => `    setting.${line}.of.${index} = ${"value ".repeat(6)}${line}\n`,
  );
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${hugeMapName(index)}\ndata:\n  value: first\n  settings.conf: |\n${lines.join("")}`;
}

/** The files of one app, by name. */
export function hugeManifests({ namespace }: HugeApp): readonly (readonly [string, string])[] {
  const names = (count: number) => Array.from({ length: count }, (_, index) => index);
  return [
    ["namespace.yaml", `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n`],
    ...names(deploymentsPerApp).map((index) => [`web-${index}.yaml`, idleDeployment(index, "1")] as const),
    ...names(mapsPerApp).map((index) => [`${hugeMapName(index)}.yaml`, configMap(index)] as const),
  ];
}

export function hugeRepository(): ReadonlyMap<string, Uint8Array> {
  return seeded([
    [".github/lockkeeper.yml", configuration("apply")],
    ...hugeApps.flatMap((app) =>
      hugeManifests(app).map(([name, text]) => [`${app.path}/${name}`, text] as const),
    ),
  ]);
}

/** Without pods, so that what is measured is not how nodes are played. About 1 KiB. */
function idleDeployment(index: number, version: string): string {
  const labels = `{ app.kubernetes.io/name: web-${index} }`;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  labels: ${labels}
spec:
  replicas: 0
  selector: { matchLabels: ${labels} }
  template:
    metadata: { labels: ${labels} }
    spec:
      containers:
        - name: web
          image: registry.example/acme/web:${version}
          env: [{ name: LEVEL, value: info }, { name: REGION, value: north }]
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /healthz, port: http } }
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 128Mi } }
`;
}
