import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import { suspects } from "../../../src/flows/drift/drift-find.ts";
import { type Ground, type RolloutWorld, eventually, startGround, startRollout } from "../rollout-world.ts";

let ground: Ground;
let rollout: RolloutWorld;

/** Everyday objects, written as people write them: odd quantities, defaults left out, fields that controllers fill in. */
const manifests = (namespace: string): Record<string, string> => ({
  "namespace.yaml": `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
  "workloads.yaml": `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { version: 1 } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { note: null } }
    spec:
      initContainers: [{ name: init, image: busybox }]
      containers:
        - name: web
          image: web:1
          env: [{ name: A, value: "1" }, { name: B, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]
          ports: [{ containerPort: 80 }, { containerPort: 53, protocol: UDP, name: dns }]
          resources: { limits: { cpu: 1000m, memory: 1G }, requests: { cpu: 0.5, memory: 512.0Mi } }
          livenessProbe: { httpGet: { path: /, port: 80 } }
      volumes: [{ name: v, emptyDir: {} }, { name: c, configMap: { name: settings, defaultMode: 0644 } }]
---
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 4
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 80 } } }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 1
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "db:1", resources: { requests: { cpu: 100m } } }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1024Mi } } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: "agent:1" }], tolerations: [{ operator: Exists }] }
---
apiVersion: batch/v1beta1
kind: CronJob
metadata: { name: sweep }
spec:
  schedule: "17 3 * * *"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: b }] } } } }
`,
  "rest.yaml": `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80, name: http }, { port: 53, protocol: UDP, name: dns, targetPort: dns }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: web.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web }
spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] }
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { minAvailable: 50%, selector: { matchLabels: { app: web } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 0.5Gi } } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: robot }
---
apiVersion: v1
kind: LimitRange
metadata: { name: limits }
spec: { limits: [{ type: Container, default: { cpu: 2 }, defaultRequest: { cpu: 0.1 } }] }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: quota }
spec: { hard: { pods: 100, requests.cpu: 1000000m } }
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { password: "hunter2" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { empty: "", text: "a\\n" }
`,
});

describe.skipIf(findAssets(process.env) === null)("on a real API server with its controllers", () => {
  beforeAll(async () => {
    ground = await startGround("kube-apiserver");
  });
  afterAll(async () => {
    await rollout.stop();
    await ground.stop();
  });

  test("nothing that server and controllers do to everyday objects is drift", async () => {
    rollout = await startRollout(ground, manifests);
    rollout.start();
    rollout.push();
    const inventory = () =>
      rollout.world!.inventories.all().find((each) => each.repository.id === rollout.repository.id)!;
    await eventually(() => {
      const found = inventory();
      expect(found.entries.size).toBe(16);
      expect(Object.values(found.pending?.results ?? {}).filter(({ action }) => action === "failed")).toEqual(
        [],
      );
      expect([...found.entries.values()].filter((entry) => entry.digest === null)).toEqual([]);
    });
    const updated = async (): Promise<boolean> => {
      const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: rollout.namespace, name: "web" };
      const live = await rollout.cluster.get(web);
      return live.ok && (live.value["status"] as { readyReplicas?: number }).readyReplicas! >= 1;
    };
    await eventually(async () => expect(await updated()).toBe(true));
    expect(suspects(rollout.world!, inventory())).toEqual([]);
    await rollout.kill();
    rollout.start();
    rollout.push();
    await eventually(() => {
      const summaries = [...inventory().entries.values()].map((entry) =>
        rollout.world!.live.summary(inventory().app, entry),
      );
      expect(summaries.every((summary) => summary)).toBe(true);
    });
    expect(suspects(rollout.world!, inventory())).toEqual([]);
    expect(await rollout.as("grace", "GET", "/issues?state=all&labels=lockkeeper%2Fdrift")).toEqual([]);
  });
});
