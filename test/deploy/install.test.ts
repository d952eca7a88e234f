/** The manifests of `deploy/` on a real API server: they apply, twice without a change, and what they grant is enough and no more. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConnectedCluster, connectCluster } from "../../src/cluster/connect-cluster.ts";
import { type KubernetesObject, addressOf } from "../../src/model/resource.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import {
  type Ground,
  type RolloutWorld,
  eventually,
  startGround,
  startRollout,
} from "../flows/rollout-world.ts";
import { value } from "../flows/user-call.ts";
import { deployFolder, kubectl, objectsOf } from "./manifests.ts";

const example = join(deployFolder, "..", "examples", "gitops", "acme", "gitops", "apps");
const install = { manager: "install", force: false, dryRun: false, as: "self" } as const;

describe.skipIf(findAssets(process.env) === null)("deploy/ on a real API server", () => {
  let ground: Ground;
  let admin: ConnectedCluster;
  let lockkeeper: ConnectedCluster;
  let folder: string;
  let kubeconfig: string;

  beforeAll(async () => {
    ground = await startGround("kube-apiserver");
    folder = await mkdtemp(join(tmpdir(), "lockkeeper-install-"));
    kubeconfig = join(folder, "lockkeeper.kubeconfig");
    admin = value(await connectCluster({ kubeconfigFile: ground.cluster.kubeconfig }));
    for (const object of [...objectsOf("."), ...objectsOf("tenant")])
      value(await admin.apply(object, install));
    await writeFile(kubeconfig, await asLockkeeper(), { mode: 0o600 });
    lockkeeper = value(await connectCluster({ kubeconfigFile: kubeconfig }));
  }, 120_000);
  afterAll(async () => {
    await lockkeeper?.close();
    await admin?.close();
    await ground?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A kubeconfig with a token of the installed account in the place of the administrator's. */
  async function asLockkeeper(): Promise<string> {
    const path = "/api/v1/namespaces/lockkeeper-system/serviceaccounts/lockkeeper/token";
    const asked = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const { body } = await ground.cluster.api.call("POST", path, asked);
    const { token } = (body as { status: { token: string } }).status;
    const text = await readFile(ground.cluster.kubeconfig, "utf8");
    return text.replace(/("?token"?: *"?)[0-9a-f]{48}/, `$1${token}`);
  }

  async function versions(objects: readonly KubernetesObject[]): Promise<readonly (string | undefined)[]> {
    const all = await Promise.all(objects.map((object) => admin.get(addressOf(object))));
    return all.map((each) => value(each).metadata.resourceVersion);
  }

  async function may(verb: string, attributes: Readonly<Record<string, string>>): Promise<boolean> {
    const { body } = await ground.cluster.api.call(
      "POST",
      "/apis/authorization.k8s.io/v1/subjectaccessreviews",
      {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user: "system:serviceaccount:lockkeeper-system:lockkeeper",
          groups: [
            "system:serviceaccounts",
            "system:serviceaccounts:lockkeeper-system",
            "system:authenticated",
          ],
          resourceAttributes: { verb, ...attributes },
        },
      },
    );
    return (body as { status: { allowed: boolean } }).status.allowed;
  }

  test("applied again by our own apply, nothing changes", async () => {
    const objects = [...objectsOf("."), ...objectsOf("tenant")];
    // The controllers write the status of what they were given a moment ago.
    const still = objects.filter(({ kind }) => kind !== "Deployment");
    const before = await versions(still);
    for (const object of still) {
      const again = value(await admin.apply(object, install));
      expect(again.created).toBe(false);
    }
    expect(await versions(still)).toEqual(before);
  });

  test.skipIf(kubectl === null)("kubectl applies the kustomizations, twice without a change", async () => {
    const run = (path: string): string =>
      kubectl!([
        `--kubeconfig=${ground.cluster.kubeconfig}`,
        `--cache-dir=${join(folder, "cache")}`,
        "apply",
        "--server-side",
        "--field-manager=install",
        "-k",
        path,
      ]);
    const objects = objectsOf(".").filter(({ kind }) => kind !== "Deployment");
    run(deployFolder);
    const before = await versions(objects);
    const said = run(deployFolder);
    expect(said.trim().split("\n")).toHaveLength(objectsOf(".").length);
    expect(await versions(objects)).toEqual(before);
    await writeFile(
      join(folder, "kustomization.yaml"),
      JSON.stringify({
        resources: [relative(folder, deployFolder), relative(folder, join(deployFolder, "tenant"))],
        components: ["secrets", "reload", "flux", "argocd"].map((name) =>
          relative(folder, join(deployFolder, "components", name)),
        ),
      }),
    );
    expect(kubectl!(["kustomize", folder])).toContain("name: lockkeeper-argocd");
  });

  test("its account and the tenant's are enough to roll out the example", async () => {
    const rollout = await deployExample("web", "production");
    await eventually(async () => {
      const [deployment] = await rollout.as("grace", "GET", "/deployments");
      const statuses = await rollout.as("grace", "GET", `/deployments/${deployment?.id}/statuses`);
      expect(statuses[0]).toMatchObject({ state: "success" });
    }, 60);
    const address = { apiVersion: "apps/v1", kind: "Deployment", namespace: "web-production", name: "web" };
    expect(value(await admin.get(address)).metadata["managedFields"]).toContainEqual(
      expect.objectContaining({ manager: "lockkeeper", operation: "Apply" }),
    );
    await rollout.stop();
  }, 120_000);

  async function deployExample(app: string, environment: string): Promise<RolloutWorld> {
    const files = Object.fromEntries(
      await Promise.all(
        ["namespace.yaml", `${app}.yaml`].map(
          async (file) => [file, await readFile(join(example, app, environment, file), "utf8")] as const,
        ),
      ),
    );
    const config = `apps:\n  - match: "apps/{app}/{environment}"\n    namespace: ${app}-${environment}\n    mode: apply\n`;
    const rollout = await startRollout(
      { ...ground, cluster: { ...ground.cluster, kubeconfig } },
      () => files,
      {
        config,
        target: {
          namespaces: ["web-production", "web-staging", "worker-production"],
          serviceAccount: "lockkeeper-system/acme",
        },
      },
    );
    rollout.start();
    rollout.push();
    return rollout;
  }

  test("neither account writes anywhere else, nor reads the Secrets of others", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "other", namespace: "web-production" },
    };
    value(await admin.create(secret));
    expect(await lockkeeper.get(addressOf(secret))).toMatchObject({ failure: { code: "forbidden" } });
    const own = { ...secret, metadata: { name: "lockkeeper-github", namespace: "lockkeeper-system" } };
    value(await admin.create(own));
    expect(await lockkeeper.get(addressOf(own))).toMatchObject({ failure: { code: "forbidden" } });
    const map = (namespace: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace },
    });
    const acme = { ...install, as: { serviceAccount: "lockkeeper-system/acme" } };
    const refused = { failure: { code: "forbidden" } };
    expect(await lockkeeper.apply(map("web-production"), install)).toMatchObject(refused);
    expect(await lockkeeper.apply(map("kube-system"), acme)).toMatchObject(refused);
    expect(await lockkeeper.apply(map("lockkeeper-system"), acme)).toMatchObject(refused);
    const other = { ...install, as: { serviceAccount: "kube-system/namespace-controller" } };
    expect(await lockkeeper.apply(map("web-production"), other)).toMatchObject(refused);
    value(await lockkeeper.apply(map("web-production"), acme));
  });

  test.each([
    ["list", { resource: "secrets" }],
    ["create", { resource: "pods", subresource: "exec", namespace: "lockkeeper-system" }],
    ["impersonate", { resource: "users" }],
    ["impersonate", { resource: "groups" }],
    ["impersonate", { resource: "serviceaccounts", namespace: "kube-system", name: "default" }],
    ["create", { group: "rbac.authorization.k8s.io", resource: "clusterrolebindings" }],
    ["escalate", { group: "rbac.authorization.k8s.io", resource: "clusterroles" }],
    ["delete", { resource: "namespaces" }],
    ["patch", { group: "apps", resource: "deployments", namespace: "web-production" }],
  ])("its own account may not %s %j", async (verb, attributes) => {
    expect(await may(verb, attributes)).toBe(false);
  });

  test("the Deployment is what the restricted standard asks for", () => {
    const deployment = objectsOf(".").find(({ kind }) => kind === "Deployment");
    expect(deployment).toMatchObject({
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        template: {
          spec: {
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                livenessProbe: { httpGet: { path: "/healthz" } },
                readinessProbe: { httpGet: { path: "/readyz" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    });
  });
});
