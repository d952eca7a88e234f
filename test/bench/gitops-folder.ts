/** A folder of manifests as GitOps repositories have them: generated, the same every time. */

import { imageCount, imageName } from "./repositories.ts";

export const manifestCount = 5000;

/** What one manifest is made of: its number, and the image that it runs. */
interface Part {
  readonly index: number;
  readonly name: string;
  readonly repository: string;
  readonly tag: string;
}

const metadata = (name: string) => `metadata:
  name: ${name}
  namespace: team
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: harbour
`;

const container = ({ name, repository, tag }: Part) => `name: ${name}
          image: ${repository}:${tag}
          args: ["--listen=:8080", "--log-format=json"]
          ports:
            - { name: http, containerPort: 8080 }
          env:
            - name: LOG_LEVEL
              value: info # one of debug, info, warn
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: ${name}, key: url } }
          resources:
            requests: { cpu: 100m, memory: 128Mi }
            limits: { memory: 256Mi }
          livenessProbe:
            httpGet: { path: /healthz, port: http }
          securityContext:
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
`;

const workload = (kind: string) => (part: Part) =>
  `apiVersion: apps/v1
kind: ${kind}
${metadata(part.name)}spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: ${part.name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${part.name}
    spec:
      serviceAccountName: ${part.name}
      containers:
        - ${container(part)}      volumes:
        - name: settings
          configMap: { name: ${part.name} }
`;

const cronJob = (part: Part) => `apiVersion: batch/v1
kind: CronJob
${metadata(part.name)}spec:
  schedule: "*/15 * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: ${part.name}
              image: ${part.repository}:${part.tag}
              command: [/bin/sh, -c, "exec run --once"]
`;

const kustomization = (part: Part) => `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: team
resources:
  - deployment.yaml
  - service.yaml
${part.index % 3 === 0 ? "" : `images:\n  - name: ${part.repository}\n    newTag: ${part.tag}\n`}`;

const service = ({ name }: Part) => `apiVersion: v1
kind: Service
${metadata(name)}spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;

const helmRelease = (part: Part) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
${metadata(part.name)}spec:
  interval: 30m
  chart:
    spec:
      chart: app-template
      version: 3.${part.index % 7}.1
      sourceRef: { kind: HelmRepository, name: charts, namespace: flux-system }
  install: { remediation: { retries: 3 } }
  values:
    ${values(part).trimEnd().replaceAll("\n", "\n    ")}
`;

const values = ({ name, repository, tag }: Part) => `replicaCount: 2
image:
  repository: ${repository}
  tag: ${tag}
  pullPolicy: IfNotPresent
service: { type: ClusterIP, port: 8080 }
ingress:
  enabled: true
  className: internal
  hosts:
    - host: ${name}.example.com
      paths: [{ path: /, pathType: Prefix }]
persistence:
  data: { enabled: true, size: 10Gi, storageClass: fast }
`;

const application = ({ name, repository, tag }: Part) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  project: default
  source:
    repoURL: https://git.example.com/acme/charts
    targetRevision: main
    path: charts/app
    helm:
      parameters:
        - { name: image.repository, value: ${repository} }
        - { name: image.tag, value: ${tag} }
  destination: { server: https://kubernetes.default.svc, namespace: team }
`;

const custom = ({ name, repository, tag, index }: Part) =>
  [
    `apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: { name: ${name} }\nspec:\n  instances: 3\n  imageName: ${repository}:${tag}\n  storage: { size: 20Gi }\n`,
    `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: { name: ${name} }\nspec:\n  entrypoint: main\n  templates:\n    - name: main\n      container:\n        image: ${repository}:${tag}\n        command: [run]\n`,
    `apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: ${name} }\nspec:\n  steps:\n    - name: build\n      image: ${repository}:${tag}\n      script: |\n        #!/bin/sh\n        make all\n`,
  ][index % 3] ?? "";

const configMap = ({ name, index }: Part) => `apiVersion: v1
kind: ConfigMap
${metadata(name)}data:
  LOG_LEVEL: info
  settings.conf: |
${Array.from({ length: 12 + (index % 20) }, (_, line) => `    section-${line}.timeout = ${line * 10}s\n`).join("")}`;

const networkPolicy = ({ name }: Part) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
${metadata(name)}spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { stage: live } }
      ports: [{ protocol: TCP, port: 8080 }]
`;

const account = ({ name }: Part) => `apiVersion: v1
kind: ServiceAccount
${metadata(name)}imagePullSecrets:
  - name: registry
`;

const definition = ({ name }: Part) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${name}s.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: ${name}s }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
${Array.from({ length: 80 }, (_, index) => `            field${index}:\n              description: What image or tag field ${index} stands for.\n              type: string\n`).join("")}`;

/** Everything that one team wrote into one file. */
const bundle = (part: Part) =>
  [account(part), service(part), workload("Deployment")(part), networkPolicy(part), configMap(part)].join(
    "---\n",
  );

/** How often each comes in a hundred, about as in public repositories. */
const mix: readonly (readonly [share: number, file: string, write: (part: Part) => string])[] = [
  [18, "deployment.yaml", workload("Deployment")],
  [4, "statefulset.yaml", workload("StatefulSet")],
  [4, "cronjob.yaml", cronJob],
  [16, "kustomization.yaml", kustomization],
  [10, "service.yaml", service],
  [10, "release.yaml", helmRelease],
  [8, "values.yaml", values],
  [4, "application.yaml", application],
  [5, "resource.yaml", custom],
  [7, "configmap.yaml", configMap],
  [5, "networkpolicy.yaml", networkPolicy],
  [3, "account.yaml", account],
  [2, "crd.yaml", definition],
  [4, "all.yaml", bundle],
];

/** By path; images are those of the bench, of a registry at a host, a few of them at two tags. */
export function gitopsFolder(host: string): ReadonlyMap<string, string> {
  const kinds = mix.flatMap(([share, file, write]) => Array.from({ length: share }, () => ({ file, write })));
  const files = Array.from({ length: manifestCount }, (_, index) => {
    const kind = kinds[(index * 37) % kinds.length] ?? kinds[0];
    const image = (index * 7) % imageCount;
    const repository = `${host}/${imageName(image)}`;
    const part = {
      index,
      name: `service-${index}`,
      repository,
      tag: `1.${image % 15}.${index < 500 ? 1 : 0}`,
    };
    return [`apps/service-${index}/${kind?.file}`, kind?.write(part) ?? ""] as const;
  });
  return new Map(files);
}
