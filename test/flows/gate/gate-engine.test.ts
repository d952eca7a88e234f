/** Flux and Argo CD behind mode gate, on a real API server with the part of their kinds that is used here; who plays them is the test. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import {
  type Ground,
  type RolloutWorld,
  config,
  eventually,
  land,
  manifests,
  startGround,
  startRollout,
} from "../rollout-world.ts";

const branch = "lockkeeper/live/web-production";
const folder = "./apps/web/production";
const argo = "/apis/argoproj.io/v1alpha1/namespaces/engines/applications";
const kustomizations = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/engines/kustomizations";
const sources = "/apis/source.toolkit.fluxcd.io/v1/namespaces/engines/gitrepositories";
const merge = "application/merge-patch+json";

function definition(group: string, version: string, kind: string, plural: string): object {
  const any = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const schema = { type: "object", required: ["spec"], properties: { spec: any, status: any } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

interface Live {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: object;
}

describe.skipIf(findAssets(process.env) === null)("mode gate on a real API server", () => {
  let ground: Ground;
  let rollout: RolloutWorld;

  async function api(method: string, path: string, body?: unknown, type?: string): Promise<unknown> {
    const answer = await ground.cluster.api.call(method, path, body, type);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  const status = (path: string, of: object): Promise<unknown> => api("PATCH", path, { status: of }, merge);
  const object = async (path: string): Promise<Live> => (await api("GET", path)) as Live;

  beforeAll(async () => {
    ground = await startGround("kube-apiserver");
    const definitions = [
      definition("source.toolkit.fluxcd.io", "v1", "GitRepository", "gitrepositories"),
      definition("kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "kustomizations"),
      definition("argoproj.io", "v1alpha1", "Application", "applications"),
    ];
    const at = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    for (const each of definitions) await api("POST", at, each);
    await api("POST", "/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "engines" },
    });
    for (const path of [argo, kustomizations, sources]) await eventually(() => api("GET", path));
  }, 120_000);
  afterAll(() => ground?.stop());
  afterEach(async () => {
    await rollout?.stop();
    for (const path of [argo, kustomizations, sources]) await api("DELETE", path);
  });

  async function begin(engine: string, namespaces = ["engines"]): Promise<string> {
    const settings = config
      .replace("mode: apply", `mode: gate\n    engine: ${engine}`)
      .replace("    prune: true\n", "");
    rollout = await startRollout(ground, (namespace) => manifests({ greeting: "hello" }, namespace), {
      config: settings,
      target: { namespaces },
    });
    return `${ground.github.webUrl}/acme/${rollout.repository.name}`;
  }

  const named = (name: string) => ({ metadata: { name, namespace: "engines" } });
  const main = async (): Promise<string> =>
    (await rollout.as("ada", "GET", "/git/ref/heads/main")).object.sha;

  async function states(sha: string): Promise<string[]> {
    const [deployment] = await rollout.as("grace", "GET", `/deployments?sha=${sha}`);
    if (deployment === undefined) return [];
    expect(deployment).toMatchObject({ environment: "production", task: "lockkeeper:web-production" });
    const all = await rollout.as("grace", "GET", `/deployments/${deployment.id}/statuses`);
    return all.map((each: { state: string }) => each.state);
  }
  const reach = async (sha: string, expected: string[]): Promise<void> => {
    await eventually(async () => expect(await states(sha)).toEqual(expected));
    await rollout.idle();
  };
  const drift = async (): Promise<{ title: string; state: string }[]> =>
    rollout.as("ada", "GET", "/issues?state=all&labels=lockkeeper/drift");

  test("Argo CD is asked at once, and its health and drift are told", async () => {
    const url = await begin("argocd");
    const source = { repoURL: `${url}.git`, targetRevision: branch, path: folder.slice(2) };
    const kind = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
    await api("POST", argo, { ...kind, ...named("web"), spec: { source } });
    await api("POST", argo, {
      ...kind,
      ...named("other"),
      spec: { source: { ...source, path: "apps/other" } },
    });
    const well = (sha: string) => ({
      sync: { status: "Synced", revision: sha },
      health: { status: "Healthy" },
    });
    rollout.start();
    rollout.push();
    const first = await main();
    await reach(first, ["in_progress"]);
    await eventually(async () =>
      expect((await object(`${argo}/web`)).metadata.annotations).toEqual({
        "argocd.argoproj.io/refresh": "normal",
      }),
    );
    expect((await object(`${argo}/other`)).metadata.annotations).toBeUndefined();
    expect((await object(`${argo}/web`)).spec).toEqual({ source });
    await status(`${argo}/web`, well(first));
    await reach(first, ["success", "in_progress"]);

    const { number, sha } = await land(rollout, "two", {
      "maps.yaml": manifests({ greeting: "two" }, "x")["maps.yaml"]!,
    });
    await reach(sha, ["in_progress"]);
    await status(`${argo}/web`, { ...well(sha), health: { status: "Degraded", message: "no pods" } });
    await reach(sha, ["failure", "in_progress"]);
    await status(`${argo}/web`, well(sha));
    await reach(sha, ["success", "failure", "in_progress"]);
    await eventually(async () => {
      const comments = await rollout.as("grace", "GET", `/issues/${number}/comments`);
      expect(comments).toHaveLength(1);
      expect(comments[0].body).toContain("**`web-production`** runs at");
      expect(comments[0].body).toContain("engines/web: has taken it and is well");
    });

    await status(`${argo}/web`, { ...well(sha), sync: { status: "OutOfSync", revision: sha } });
    await eventually(async () => expect(await drift()).toMatchObject([{ state: "open" }]));
    expect((await drift())[0]?.title).toContain("Application web: it is OutOfSync and Healthy");
    await status(`${argo}/web`, well(sha));
    await eventually(async () => expect(await drift()).toMatchObject([{ state: "closed" }]));
    expect(await rollout.configMap("greeting")).toBeNull();
  }, 120_000);

  test("Flux is asked at once, its source and what reads it, and what it says is told", async () => {
    const url = await begin("flux");
    const repository = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository" };
    const kind = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };
    await api("POST", sources, { ...repository, ...named("live"), spec: { url, ref: { branch } } });
    await api("POST", sources, { ...repository, ...named("main"), spec: { url, ref: { branch: "main" } } });
    for (const name of ["live", "main"]) {
      const spec = { path: folder, sourceRef: { kind: "GitRepository", name } };
      await api("POST", kustomizations, { ...kind, ...named(name), spec });
    }
    rollout.start();
    rollout.push();
    const sha = await main();
    await reach(sha, ["in_progress"]);
    for (const path of [sources, kustomizations]) {
      await eventually(async () =>
        expect((await object(`${path}/live`)).metadata.annotations).toHaveProperty([
          "reconcile.fluxcd.io/requestedAt",
        ]),
      );
      expect((await object(`${path}/main`)).metadata.annotations).toBeUndefined();
    }
    const revision = `${branch}@sha1:${sha}`;
    const condition = (ready: string, reason: string, message: string) => [
      { type: "Ready", status: ready, reason, message },
    ];
    await status(`${kustomizations}/live`, {
      lastAttemptedRevision: revision,
      conditions: condition("False", "BuildFailed", "no such file"),
    });
    await reach(sha, ["failure", "in_progress"]);
    await status(`${kustomizations}/live`, {
      lastAttemptedRevision: revision,
      lastAppliedRevision: revision,
      conditions: condition("True", "ReconciliationSucceeded", "fine"),
    });
    await reach(sha, ["success", "failure", "in_progress"]);
    await status(`${kustomizations}/live`, {
      conditions: condition("False", "HealthCheckFailed", "Secret/web dry-run: c2VjcmV0"),
    });
    await eventually(async () => expect(await drift()).toMatchObject([{ state: "open" }]));
    expect(JSON.stringify(await drift())).not.toContain("c2VjcmV0");
    expect((await drift())[0]?.title).toContain("Kustomization live: HealthCheckFailed");
  }, 120_000);

  test("what the target does not allow is not asked, and is told when the time is up", async () => {
    const url = await begin("argocd", ["web-*"]);
    const source = { repoURL: url, targetRevision: branch, path: folder };
    const kind = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
    await api("POST", argo, { ...kind, ...named("web"), spec: { source } });
    rollout.start();
    rollout.push();
    const sha = await main();
    await reach(sha, ["in_progress"]);
    rollout.pass(61);
    rollout.push();
    await reach(sha, ["failure", "in_progress"]);
    expect((await object(`${argo}/web`)).metadata.annotations).toBeUndefined();
  }, 120_000);
});
