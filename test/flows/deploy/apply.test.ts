import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ok } from "../../../src/model/failure.ts";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import { type SandboxCluster, startCluster } from "../../../src/sandbox/cluster.ts";
import { type ApplyOptions, type ApplyWorld, freshPlace, startApply } from "./apply-world.ts";
import { eventually } from "../rollout-world.ts";

const assets = findAssets(process.env);
const where = assets === null ? " (not run: there is no kube-apiserver here, `npm test` builds one)" : "";

let sandbox: SandboxCluster;
let app: ApplyWorld;

async function begin(options: ApplyOptions = {}): Promise<void> {
  app = await startApply(sandbox, freshPlace(), options);
}

/** Somebody else at the API server, by another tool. */
async function call(method: string, path: string, body?: unknown, type?: string): Promise<void> {
  const answer = await sandbox.api.call(method, path, body, type);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
}

async function makeNamespace(): Promise<void> {
  await call("POST", "/api/v1/namespaces", { metadata: { name: app.namespace } });
}

const map = (name: string, text: string, notes = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${notes}data: { text: "${text}" }\n`;
const namespace = () => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${app.namespace} }\n`;
const web = (more = "", image = "registry.example/web:1", notes = "") => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web${notes} }
spec:
  ${more}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "${image}" }] }
`;
const job = (image: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: once }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "${image}" }] } } }\n`;

const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const mapAt = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", name });

describe.skipIf(assets === null)(`on a real API server${where}`, () => {
  beforeAll(async () => {
    sandbox = await startCluster({ kind: "kube-apiserver" });
  });
  afterAll(() => sandbox?.stop());
  afterEach(async () => {
    sandbox.player.resume();
    await app.stop();
  });

  describe("order", () => {
    test("a namespace, a definition and objects of both come in one commit", async () => {
      await begin();
      const group = `${app.namespace}.example`;
      const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Thing, plural: things }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
`;
      const thing = `apiVersion: ${group}/v1\nkind: Thing\nmetadata: { name: first }\nspec: { size: 1 }\n`;
      const told = await app.deploy({
        "a.yaml": thing,
        "b.yaml": map("a", "x"),
        "c.yaml": definition,
        "d.yaml": namespace(),
      });
      expect(told).toMatchObject({ state: "success" });
      expect(await app.get({ apiVersion: `${group}/v1`, kind: "Thing", name: "first" })).toMatchObject({
        spec: { size: 1 },
      });
      await call("DELETE", `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.${group}`);
    });

    test("a wave begins when the one before it is healthy", async () => {
      await begin();
      await makeNamespace();
      sandbox.player.pause();
      const late = map("late", "x", `  annotations: { lockkeeper.dev/wave: "1" }\n`);
      const done = app.deploy({ "a.yaml": late, "b.yaml": web() });
      await eventually(async () => expect(await app.get(deployment)).not.toBeNull());
      await eventually(() => expect(app.inventory().pending?.appliedAt).not.toBeNull());
      expect(await app.get(mapAt("late"))).toBeNull();
      sandbox.player.resume();
      expect(await done).toMatchObject({ state: "success" });
      expect(await app.get(mapAt("late"))).not.toBeNull();
    });
  });

  describe("before the first write", () => {
    test("everything is asked, so that one bad object keeps all others out", async () => {
      await begin();
      await makeNamespace();
      const bad = web().replace("matchLabels: { app: web }", "matchLabels: { app: other }");
      const told = await app.deploy({ "a.yaml": map("a", "x"), "b.yaml": `# why\n${bad.trimStart()}` });
      expect(told.state).toBe("failure");
      expect(told.text).toContain("was not applied");
      expect(told.text).toMatch(
        /apps\/web\/b\.yaml:2: Deployment\.apps .*spec\.template\.metadata\.labels has an invalid value/,
      );
      expect(await app.get(mapAt("a"))).toBeNull();
      expect(app.inventory().entries.size).toBe(0);
    });

    test("a list that names one item twice is refused by its place", async () => {
      await begin();
      await makeNamespace();
      const twice = web().replace(
        'image: "registry.example/web:1" }',
        'image: "web:1", env: [{ name: A, value: "1" }, { name: A }] }',
      );
      const told = await app.deploy({ "b.yaml": twice });
      expect(told.text).toMatch(/b\.yaml:2: Deployment\.apps .*env has two items with name "A"/);
    });

    test("what is unchanged costs no request", async () => {
      await begin();
      await makeNamespace();
      const files = { "a.yaml": map("a", "x"), "b.yaml": web() };
      expect(await app.deploy(files)).toMatchObject({ state: "success" });
      const before = app.requests();
      expect(await app.deploy({ ...files, "README.md": "more" })).toMatchObject({ state: "success" });
      // The record that the newer commit is applied.
      expect(app.requests() - before).toBeLessThanOrEqual(1);
    });

    test("a tag that is another digest by now stops it, and a registry that is silent does not", async () => {
      const reviewed = `sha256:${"a".repeat(64)}`;
      const moved = `sha256:${"b".repeat(64)}`;
      let now: string | null = moved;
      const resolve = async () =>
        now === null
          ? ({ ok: false, failure: { code: "timeout", message: "silent" } } as const)
          : ok({ digest: now, mediaType: "" });
      await begin({ registry: { resolve } });
      await makeNamespace();
      const pinned = { "b.yaml": web("", `registry.example/web:1@${reviewed}`) };
      const told = await app.deploy(pinned);
      expect(told.state).toBe("failure");
      expect(told.text).toContain(`registry.example/web:1 was reviewed as ${reviewed} and is ${moved} now`);
      expect(await app.get(deployment)).toBeNull();
      now = null;
      expect(await app.deploy({ ...pinned, "x.md": "" })).toMatchObject({ state: "success" });
      now = moved;
      expect(
        await app.deploy({ "b.yaml": web("replicas: 2", `registry.example/web:1@${reviewed}`) }),
      ).toMatchObject({
        state: "success",
      });
    });
  });

  describe("what was there before", () => {
    const spec = (more: object = {}) => ({
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          containers: [{ name: "web", image: "registry.example/web:0", env: [{ name: "OLD", value: "1" }] }],
        },
      },
      ...more,
    });
    const create = (metadata: object, manager = "kubectl-client-side-apply") =>
      call("POST", `/apis/apps/v1/namespaces/${app.namespace}/deployments?fieldManager=${manager}`, {
        metadata: { name: "web", ...metadata },
        spec: spec(),
      });

    test.each(["kubectl-client-side-apply", "helm", "kustomize-controller", "argocd-controller"])(
      "by %s becomes ours, with what Git does not name taken away",
      async (manager) => {
        await begin();
        await makeNamespace();
        await create({ annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } }, manager);
        expect(await app.deploy({ "b.yaml": web() })).toMatchObject({ state: "success" });
        const live = await app.get(deployment);
        expect(JSON.stringify(live!["spec"])).not.toContain("OLD");
        expect(live!.metadata.annotations ?? {}).not.toHaveProperty([
          "kubectl.kubernetes.io/last-applied-configuration",
        ]);
        const managers = live!.metadata.managedFields!.map((each) => each.manager);
        expect(managers).toContain("lockkeeper");
        expect(managers).not.toContain(manager);
      },
    );

    test("with a port of another number, which applying alone could never change", async () => {
      await begin();
      await makeNamespace();
      const body = {
        metadata: { name: "web" },
        spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80 }] },
      };
      await call(
        "POST",
        `/api/v1/namespaces/${app.namespace}/services?fieldManager=kubectl-client-side-apply`,
        body,
      );
      const service = `apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ name: http, port: 81 }] }\n`;
      expect(await app.deploy({ "s.yaml": service })).toMatchObject({ state: "success" });
      const live = await app.get({ apiVersion: "v1", kind: "Service", name: "web" });
      expect((live!["spec"] as { ports: object[] }).ports).toMatchObject([{ port: 81 }]);
    });

    test("and is Flux's or Argo CD's stays theirs, unless the app says otherwise", async () => {
      await begin();
      await makeNamespace();
      await create({ labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } }, "kustomize-controller");
      const told = await app.deploy({ "a.yaml": map("a", "x"), "b.yaml": web() });
      expect(told.state).toBe("failure");
      expect(told.text).toContain("Flux manages it (apps)");
      expect(told.text).toContain("takeOver: true");
      expect(await app.get(mapAt("a"))).toBeNull();
      const place = { namespace: app.namespace, repository: 1 };
      await app.stop();
      app = await startApply(sandbox, place, { app: { takeOver: true } });
      expect(await app.deploy({ "a.yaml": map("a", "x"), "b.yaml": web() })).toMatchObject({
        state: "success",
      });
    });

    test("and carries the label of another app is refused", async () => {
      await begin();
      await makeNamespace();
      await create({ labels: { "lockkeeper.dev/app": "0123456789abcdef0123" } });
      const told = await app.deploy({ "b.yaml": web() });
      expect(told.text).toContain("it carries the label lockkeeper.dev/app of another app");
    });
  });

  describe("a field that somebody else writes too", () => {
    const three = { "b.yaml": web("replicas: 3") };
    const scaled = async (replicas: number): Promise<void> => {
      const path = `/apis/apps/v1/namespaces/${app.namespace}/deployments/web?fieldManager=somebody`;
      await call("PATCH", path, { spec: { replicas } }, "application/merge-patch+json");
    };
    const replicas = async () => ((await app.get(deployment))!["spec"] as { replicas: number }).replicas;
    const next = { "b.yaml": web("replicas: 3", "registry.example/web:2") };

    test.each([
      ["is taken", undefined, 3, "success"],
      ["is left to them by a rule", [{ paths: ["spec.replicas"], policy: "yield" }], 7, "success"],
      [
        "ends the deployment by a rule",
        [{ kinds: ["Deployment"], paths: ["spec.replicas"], policy: "fail" }],
        7,
        "failure",
      ],
    ] as const)("%s", async (_, conflicts, expected, state) => {
      await begin({ app: { conflicts } });
      await makeNamespace();
      expect(await app.deploy(three)).toMatchObject({ state: "success" });
      await scaled(7);
      const told = await app.deploy(next);
      expect(told.state).toBe(state);
      if (state === "failure") expect(told.text).toMatch(/b\.yaml:2: .*replicas is owned by somebody/);
      expect(await replicas()).toBe(expected);
    });

    test("is left to an autoscaler without a rule", async () => {
      await begin();
      await makeNamespace();
      const scaler = `apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec: { maxReplicas: 9, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }\n`;
      expect(await app.deploy({ ...three, "h.yaml": scaler })).toMatchObject({ state: "success" });
      const scale = { spec: { replicas: 5 } };
      const path = `/apis/apps/v1/namespaces/${app.namespace}/deployments/web/scale?fieldManager=kube-controller-manager`;
      await call("PATCH", path, scale, "application/merge-patch+json");
      expect(await app.deploy({ ...next, "h.yaml": scaler })).toMatchObject({ state: "success" });
      expect(await replicas()).toBe(5);
    });
  });

  describe("a field that never changes", () => {
    test("is refused, with the way out", async () => {
      await begin();
      await makeNamespace();
      await app.deploy({ "j.yaml": job("a:1") });
      const told = await app.deploy({ "j.yaml": job("a:2") });
      expect(told.state).toBe("failure");
      expect(told.text).toMatch(
        /j\.yaml:1: Job\.batch .*spec\.template is immutable; only deleting it would help, which the app allows by .*recreate: \[Job\]/,
      );
    });

    test("is changed by making the object anew, where the app allows that", async () => {
      await begin({ app: { recreate: ["Job"] } });
      await makeNamespace();
      const once = { apiVersion: "batch/v1", kind: "Job", name: "once" };
      await app.deploy({ "j.yaml": job("a:1") });
      const before = await app.get(once);
      const told = await app.deploy({ "j.yaml": job("a:2") });
      expect(told.state).toBe("success");
      expect(told.text).toMatch(/`Job\.batch .*once` \| recreated/);
      expect((await app.get(once))!.metadata.uid).not.toBe(before!.metadata.uid);
    });
  });

  test("pods that cannot start say why, and those of all workloads are followed together", async () => {
    let ahead = 0;
    await begin({ app: { waitSeconds: 600 }, clock: { now: () => new Date(Date.now() + ahead) } });
    await makeNamespace();
    const broken = web("", "registry.example/web:broken");
    const names = ["web", "shop", "mail", "feed", "docs"];
    const all = names.map((name) => broken.replaceAll("web", name)).join("---");
    const deployed = app.deploy({ "all.yaml": all });
    await eventually(() => {
      for (const name of names) expect(app.trouble(name)).toContain("cannot pull its image");
    });
    ahead += 61_000; // Longer than a hiccup lasts.
    const { state, text } = await deployed;
    expect(state).toBe("failure");
    for (const name of names) {
      const why = `Deployment\\.apps .*; pod ${name}-\\S+ cannot pull its image \\(container ${name}: \\w+\\)`;
      expect(text).toMatch(new RegExp(why));
    }
    const ours = app.followed.filter((kind) => ["Deployment", "Pod"].includes(kind));
    expect(ours.toSorted()).toEqual(["Deployment", "Pod"]);
  });

  describe("a tenant", () => {
    test("is held by the API server where our own check is taken away", async () => {
      await begin();
      await makeNamespace();
      const place = { namespace: app.namespace, repository: 7_000 };
      const account = `${app.namespace}/tenant`;
      const inside = `/namespaces/${app.namespace}`;
      await call("POST", `/api/v1${inside}/serviceaccounts`, { metadata: { name: "tenant" } });
      const rbac = "/apis/rbac.authorization.k8s.io/v1";
      const rules = [
        { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "create", "patch", "delete"] },
      ];
      await call("POST", `${rbac}${inside}/roles`, { metadata: { name: "tenant" }, rules });
      await call("POST", `${rbac}${inside}/rolebindings`, {
        metadata: { name: "tenant" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "tenant" },
        subjects: [{ kind: "ServiceAccount", name: "tenant", namespace: app.namespace }],
      });
      await app.stop();
      app = await startApply(sandbox, place, { target: { serviceAccount: account, namespaces: ["**"] } });
      expect(await app.deploy({ "a.yaml": map("a", "x") })).toMatchObject({ state: "success" });
      const elsewhere = map("b", "x", "  namespace: default\n");
      const told = await app.deploy({ "a.yaml": map("a", "y"), "b.yaml": elsewhere, "c.yaml": web() });
      expect(told.state).toBe("failure");
      const user = `system:serviceaccount:${app.namespace}:tenant`;
      expect(told.text).toContain(`${user} may not patch configmaps in default`);
      expect(told.text).toContain(`${user} may not patch deployments in ${app.namespace}`);
      expect((await app.get(mapAt("a")))!["data"]).toEqual({ text: "x" });
    });

    test("is held by the target before anything is asked of the API server", async () => {
      await begin({ target: { namespaces: ["other-*"], allowedKinds: [] } });
      const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: mighty }\nrules: []\n`;
      const before = app.requests();
      const told = await app.deploy({ "a.yaml": map("a", "x"), "r.yaml": role });
      expect(told.text).toContain("does not allow the kind ClusterRole");
      expect(told.text).toContain(`does not allow the namespace ${app.namespace}`);
      expect(app.requests()).toBe(before);
    });
  });

  test("no value of a Secret is in anything that is told, whatever the server says of it", async () => {
    await begin();
    await makeNamespace();
    const canary = "c4n4ry/v4lue+x";
    const encoded = Buffer.from(canary).toString("base64");
    const secret = (more: string) => `apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\n${more}\n`;
    const told = [
      await app.deploy({ "s.yaml": secret(`stringData: { password: "${canary}" }\nimmutable: true`) }),
      await app.deploy({ "s.yaml": secret(`stringData: { password: "${canary}2" }\nimmutable: true`) }),
      await app.deploy({ "s.yaml": secret(`data: { password: 12345678 }`) }),
      await app.deploy({ "s.yaml": secret(`data: { password: "${canary}" }`) }),
      await app.deploy({ "s.yaml": secret(`type: ${encoded}\nstringData: { password: "${canary}" }`) }),
    ];
    expect(told.map(({ state }) => state)).toEqual(["success", "failure", "failure", "failure", "failure"]);
    const text = told.map((each) => each.text).join("\n");
    for (const form of [
      canary,
      encoded,
      encodeURIComponent(canary),
      Buffer.from(`${canary}2`).toString("base64"),
      "12345678",
    ]) {
      expect(text).not.toContain(form);
    }
    const records = await sandbox.api.call("GET", "/api/v1/namespaces/lockkeeper-system/configmaps");
    expect(JSON.stringify(records.body)).not.toContain(encoded);
  });
});
