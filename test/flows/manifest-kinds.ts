/** Bodies of manifests of many kinds, each in the spellings in which people write them. */

/** Cycles through spellings of one thing. */
export const pick = <T>(index: number, ...spellings: readonly T[]): T => spellings[index % spellings.length]!;

const cpu = (i: number) => pick<unknown>(i, "100m", 0.1, "0.1", 1, "1000m");
const memory = (i: number) => pick<unknown>(i, "128Mi", "0.5Gi", 134217728, "1G", "512.0Mi");
const port = (i: number) =>
  pick<object>(i, {}, { protocol: "TCP" }, { protocol: "UDP", name: "udp" }, { name: "web" });

function container(i: number): object {
  return {
    name: pick(i, "web", "app"),
    image: pick(i, "registry.example/web:1.0", "busybox", "registry.example:5000/a/b:v2"),
    ...pick(i, {}, { resources: { limits: { cpu: cpu(i), memory: memory(i) } } }, { resources: {} }),
    ...pick(
      i,
      { env: [{ name: "A", value: "1" }] },
      {},
      { env: [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
    ),
    ...pick(i, {}, { ports: [{ containerPort: 80 + i, ...port(i) }] }),
    ...pick(i, {}, {}, { args: ["--flag", "x"], command: null }),
    ...pick(i, {}, { readinessProbe: { httpGet: { path: "/", port: pick<unknown>(i, 80, 8080, "web") } } }),
  };
}

const podSpec = (i: number, more: object = {}): object => ({
  containers: [container(i)],
  ...pick(i, {}, { volumes: [{ name: "v", emptyDir: {} }] }, { tolerations: [{ operator: "Exists" }] }),
  ...pick(i, {}, { securityContext: {} }, { nodeSelector: { disk: "ssd" } }, { affinity: null }),
  ...more,
});

const template = (i: number, name: string): object => ({
  selector: { matchLabels: { app: name } },
  template: {
    metadata: {
      labels: { app: name, ...pick<object>(i, {}, { version: `${i}` }) },
      ...pick(i, {}, { annotations: { note: null } }),
    },
    spec: podSpec(i),
  },
});

const job = (i: number): object => ({
  ...pick<object>(i, {}, { backoffLimit: 2 }, { parallelism: 1, completions: 1 }),
  template: { spec: podSpec(i, { restartPolicy: pick(i, "Never", "OnFailure") }) },
});

const rules = (i: number) => [
  { apiGroups: [""], resources: pick(i, ["pods"], ["pods", "services"]), verbs: ["get", "list"] },
];
const role = (kind: string, name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name });
const subject = (namespace: string) => [{ kind: "ServiceAccount", name: "robot", namespace }];

type Body = (i: number, name: string, namespace: string) => object;
type Row = readonly [apiVersion: string, kind: string, where: "own" | "quiet" | "cluster", body: Body];

const rbac = "rbac.authorization.k8s.io/v1";
export const group = (namespace: string, i: number): string => `g${i}.${namespace}.example`;

export const manifestKinds: readonly Row[] = [
  ["v1", "Namespace", "cluster", (i) => pick<object>(i, {}, { spec: {} }, { status: { phase: "Active" } })],
  [
    "v1",
    "ConfigMap",
    "own",
    (i) => ({
      data: pick<object>(i, { a: "1" }, { a: "", b: "x\ny\n" }, { a: null, b: "{}" }),
      ...pick(i, {}, { binaryData: { z: "AAE=" } }),
    }),
  ],
  [
    "v1",
    "Secret",
    "own",
    (i) =>
      pick<object>(
        i,
        { stringData: { a: "b" } },
        { type: "Opaque", data: { a: "Yg==" } },
        { stringData: { a: "b" }, data: { c: "ZA==" } },
      ),
  ],
  [
    "v1",
    "ServiceAccount",
    "own",
    (i) =>
      pick<object>(i, {}, { automountServiceAccountToken: false }, { imagePullSecrets: [{ name: "pull" }] }),
  ],
  [
    "v1",
    "Service",
    "own",
    (i) => ({
      spec: {
        selector: { app: `x${i}` },
        ...pick<object>(i, {}, { type: "NodePort" }, { clusterIP: "None" }),
        ports: [{ port: 80, ...port(i), targetPort: pick<unknown>(i, 80, "web") }],
      },
    }),
  ],
  [
    "v1",
    "PersistentVolumeClaim",
    "own",
    (i) => ({
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: pick<unknown>(i, "1Gi", 1073741824, "1024Mi", "0.5Gi") } },
      },
    }),
  ],
  [
    "v1",
    "PersistentVolume",
    "cluster",
    (i) => ({
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: pick<unknown>(i, "1Gi", "0.5Ti", 1e9) },
        hostPath: { path: `/data/${i}` },
      },
    }),
  ],
  [
    "v1",
    "ResourceQuota",
    "quiet",
    (i) => ({
      spec: {
        hard: pick<object>(i, { pods: 100 }, { "requests.cpu": "1000000m" }, { "limits.memory": "1024Gi" }),
      },
    }),
  ],
  [
    "v1",
    "LimitRange",
    "quiet",
    (i) => ({
      spec: { limits: [{ type: "Container", default: { cpu: cpu(i) }, defaultRequest: { cpu: "50m" } }] },
    }),
  ],
  [
    "v1",
    "Endpoints",
    "own",
    (i) => ({
      subsets: [
        {
          addresses: [{ ip: `192.0.2.${i + 1}` }],
          ports: [{ port: 80 + i, ...pick(i, {}, { protocol: "TCP" }) }],
        },
      ],
    }),
  ],
  [
    "v1",
    "PodTemplate",
    "own",
    (i, name) => ({ template: { metadata: { labels: { app: name } }, spec: podSpec(i) } }),
  ],
  [rbac, "Role", "own", (i) => ({ rules: rules(i) })],
  [
    rbac,
    "RoleBinding",
    "own",
    (_, name, namespace) => ({
      roleRef: role("Role", name.replace("rolebinding", "role")),
      subjects: subject(namespace),
    }),
  ],
  [
    rbac,
    "ClusterRole",
    "cluster",
    (i) =>
      pick<object>(
        i,
        { rules: rules(i) },
        { rules: [], aggregationRule: { clusterRoleSelectors: [{ matchLabels: { none: "such" } }] } },
      ),
  ],
  [
    rbac,
    "ClusterRoleBinding",
    "cluster",
    (_, _name, namespace) => ({ roleRef: role("ClusterRole", "view"), subjects: subject(namespace) }),
  ],
  [
    "networking.k8s.io/v1",
    "NetworkPolicy",
    "own",
    (i) => ({
      spec: pick<object>(
        i,
        { podSelector: {} },
        { podSelector: {}, policyTypes: ["Egress"], egress: [{}] },
        {
          podSelector: { matchLabels: { a: "b" } },
          ingress: [{ ports: [{ port: 80 }, { port: 80, protocol: "UDP" }] }],
        },
      ),
    }),
  ],
  [
    "networking.k8s.io/v1",
    "Ingress",
    "own",
    (i) => ({
      spec: {
        rules: [
          {
            host: `h${i}.example`,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "web", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
        ...pick(i, {}, { tls: [{ hosts: [`h${i}.example`], secretName: "tls" }] }),
      },
    }),
  ],
  [
    "networking.k8s.io/v1",
    "IngressClass",
    "cluster",
    () => ({ spec: { controller: "example.dev/ingress" } }),
  ],
  [
    "storage.k8s.io/v1",
    "StorageClass",
    "cluster",
    (i) => ({
      provisioner: "example.dev/none",
      ...pick(i, {}, { volumeBindingMode: "WaitForFirstConsumer" }, { parameters: { type: "fast" } }),
    }),
  ],
  [
    "scheduling.k8s.io/v1",
    "PriorityClass",
    "cluster",
    (i) => ({ value: 10 + i, ...pick(i, {}, { description: "x" }) }),
  ],
  [
    "apps/v1",
    "Deployment",
    "own",
    (i, name) => ({
      spec: {
        ...pick<object>(
          i,
          {},
          { replicas: 2 },
          { replicas: 0 },
          { replicas: null, strategy: { type: "Recreate" } },
        ),
        ...template(i, name),
      },
    }),
  ],
  [
    "apps/v1",
    "StatefulSet",
    "own",
    (i, name) => ({
      spec: {
        serviceName: name,
        ...pick<object>(i, {}, { replicas: 1 }, { podManagementPolicy: "Parallel" }),
        ...template(i, name),
      },
    }),
  ],
  [
    "apps/v1",
    "DaemonSet",
    "own",
    (i, name) => ({
      spec: { ...pick<object>(i, {}, { updateStrategy: { type: "OnDelete" } }), ...template(i, name) },
    }),
  ],
  ["apps/v1", "ReplicaSet", "own", (i, name) => ({ spec: { replicas: 1, ...template(i, name) } })],
  ["batch/v1", "Job", "own", (i) => ({ spec: job(i) })],
  [
    "batch/v1beta1",
    "CronJob",
    "own",
    (i) => ({
      spec: {
        schedule: pick(i, "17 3 * * *", "@daily", "0 0 31 2 *"),
        ...pick(i, {}, { suspend: false }, { concurrencyPolicy: "Forbid" }),
        jobTemplate: { spec: job(i) },
      },
    }),
  ],
  [
    "autoscaling/v2beta2",
    "HorizontalPodAutoscaler",
    "own",
    (i) => ({
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: `deployment-${i}` },
        metrics: [
          {
            type: "Resource",
            resource: {
              name: "cpu",
              target: pick<object>(
                i,
                { type: "Utilization", averageUtilization: 80 },
                { type: "AverageValue", averageValue: 1 },
              ),
            },
          },
        ],
      },
    }),
  ],
  [
    "policy/v1beta1",
    "PodDisruptionBudget",
    "own",
    (i, name) => ({
      spec: {
        ...pick<object>(i, { minAvailable: 1 }, { minAvailable: "50%" }, { maxUnavailable: 0 }),
        selector: { matchLabels: { app: name } },
      },
    }),
  ],
  [
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    "cluster",
    (i) => ({
      webhooks: [
        {
          name: "none.example.dev",
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          clientConfig: { url: "https://127.0.0.1:1/", ...pick(i, {}, { caBundle: "Cg==" }) },
          rules: [
            {
              apiGroups: ["none.example.dev"],
              apiVersions: ["v1"],
              resources: ["nothings"],
              operations: ["CREATE"],
            },
          ],
        },
      ],
    }),
  ],
  [
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "cluster",
    (i, _, namespace) => ({
      spec: {
        group: group(namespace, i),
        scope: "Namespaced",
        names: { kind: "Thing", plural: "things" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        ],
      },
    }),
  ],
];
