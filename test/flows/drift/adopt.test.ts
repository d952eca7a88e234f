import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import { findTool } from "../../real/render-tools.ts";
import {
  type Ground,
  type RolloutWorld,
  clusterKinds,
  config,
  eventually,
  folder,
  merge,
  signOff,
  startGround,
  startRollout,
} from "../rollout-world.ts";
import { applied } from "../plan-steps.ts";
import { value } from "../user-call.ts";

let ground: Ground;
let rollout: RolloutWorld;

type Texts = Readonly<Record<string, string>>;

const web = `# The site.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { tier: front } # who it is
spec:
  replicas: 3   # as measured
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: "ghcr.io/acme/web:1.0.0"
          env:
            - { name: LEVEL, value: info }
`;
const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\nstringData: { token: hidden }\n";
const namespaceFile = (namespace: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`;

async function begin(files: Texts, beside: Texts = {}): Promise<void> {
  rollout = await startRollout(
    ground,
    (namespace) => ({ "namespace.yaml": namespaceFile(namespace), ...files }),
    {
      config,
      beside,
    },
  );
  rollout.start();
  rollout.push();
  await applied(rollout);
}

/** Somebody applies a part of the Deployment by hand, or of another object. */
async function edit(
  part: object,
  of: { apiVersion: string; kind: string; name: string } = deployment,
): Promise<void> {
  const { apiVersion, kind, name } = of;
  const { metadata, ...rest } = part as { metadata?: object };
  const object = { apiVersion, kind, metadata: { name, namespace: rollout.namespace, ...metadata }, ...rest };
  const options = { manager: "kubectl-edit", force: true, dryRun: false, as: "self" } as const;
  value(await rollout.cluster.apply(object as KubernetesObject, options));
}

const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

async function reported(pattern: RegExp): Promise<Issue> {
  const issue = await eventually(async () => {
    const [open] = (await rollout.as(
      "grace",
      "GET",
      "/issues?state=open&labels=lockkeeper%2Fdrift",
    )) as Issue[];
    expect(`${open?.title}\n${open?.body}`).toMatch(pattern);
    return open!;
  });
  await rollout.idle();
  return issue;
}

/** Grace's comment, as the command flow has accepted it; answers our reply to it. */
async function ask(number: number, body = "/lockkeeper adopt"): Promise<string> {
  const before = (await replies(number)).length;
  const comment = await rollout.as("grace", "POST", `/issues/${number}/comments`, { body });
  value(await rollout.forge.open(rollout.repository, "command").issues.react(comment.id, "rocket"));
  rollout.push();
  return eventually(async () => {
    const all = await replies(number);
    expect(all.length).toBeGreaterThan(before);
    return all.at(-1)!;
  });
}

async function replies(number: number): Promise<readonly string[]> {
  const all = await rollout.as("grace", "GET", `/issues/${number}/comments`);
  return all
    .filter(
      ({ user, body }: { user: { type: string }; body: string }) =>
        user.type === "Bot" && !body.startsWith("Also drifted"),
    )
    .map(({ body }: { body: string }) => body);
}

interface Pull extends Issue {
  readonly head: { readonly sha: string; readonly ref: string };
}

async function adoptions(): Promise<readonly Pull[]> {
  return rollout.as("grace", "GET", "/pulls?state=open");
}

async function read(path: string, ref: string): Promise<string> {
  const { content } = await rollout.as("grace", "GET", `/contents/${path}?ref=${ref}`);
  return Buffer.from(content, "base64").toString();
}

/** Lands it, and waits until nothing has drifted any more. */
async function landed(pull: Pull, issue: number): Promise<void> {
  await signOff(rollout, pull.head.sha);
  await merge(rollout, pull.number);
  await eventually(async () => {
    const { state } = await rollout.as("grace", "GET", `/issues/${issue}`);
    expect(state).toBe("closed");
  });
}

describe.each(clusterKinds)("adopting on %s", (kind) => {
  beforeAll(async () => {
    ground = await startGround(kind);
  });
  afterAll(() => ground.stop());
  afterEach(() => rollout.stop());

  test("opens one pull request with the live values and nothing else, which ends the drift when it lands", async () => {
    await begin({ "web.yaml": web, "keys.yaml": secret });
    await edit({ spec: { replicas: 7 } });
    const issue = await reported(/replicas 3 -> 7/);
    expect(issue.body).toContain("/lockkeeper adopt");
    expect(await ask(issue.number)).toMatch(/^#\d+ writes it into Git\.$/m);
    const [pull] = await adoptions();
    expect(pull?.title).toBe("Adopt replicas 3 -> 7 of Deployment/web (web-production)");
    expect(pull?.head.ref).toMatch(/^lockkeeper\/adopt\/web-production-[0-9a-f]{10}$/);
    expect(await read(`${folder}/web.yaml`, pull!.head.sha)).toBe(
      web.replace("replicas: 3 ", "replicas: 7 "),
    );
    const { commit } = await rollout.as("grace", "GET", `/commits/${pull!.head.sha}`);
    expect(commit.message).toMatch(/\n\nCo-authored-by: grace <\d+\+grace@users\.noreply\.github\.com>$/);

    await edit(
      { data: { token: Buffer.from("changed").toString("base64") } },
      { apiVersion: "v1", kind: "Secret", name: "keys" },
    );
    const env = [
      { name: "LEVEL", value: "debug" },
      { name: "MODE", value: "fast" },
    ];
    const containers = [{ name: "web", image: "ghcr.io/acme/web:1.5.0", env }];
    await edit({ spec: { replicas: 7, template: { spec: { containers } } } });
    await reported(/env\[name=MODE\]/);
    const said = await ask(issue.number);
    expect(said).toContain("`Secret/keys`: Secrets are never written into Git from the cluster");
    expect(said).toContain(`#${pull!.number} writes it into Git.`);
    const [again, ...more] = await adoptions();
    expect(more).toEqual([]);
    expect(again?.title).toContain("of Deployment/web and ");
    expect(again?.body).not.toContain("changed");
    const text = await read(`${folder}/web.yaml`, again!.head.sha);
    expect(text).toBe(
      web
        .replace("replicas: 3 ", "replicas: 7 ")
        .replace("web:1.0.0", "web:1.5.0")
        .replace(
          "{ name: LEVEL, value: info }",
          "{ name: LEVEL, value: debug }\n            - name: MODE\n              value: fast",
        ),
    );
    const heal = await rollout.as("grace", "POST", `/issues/${issue.number}/comments`, {
      body: "/lockkeeper heal Secret/keys",
    });
    value(await rollout.forge.open(rollout.repository, "command").issues.react(heal.id, "rocket"));
    await landed(again!, issue.number);
  });

  test("says what cannot be written, and opens nothing then", async () => {
    await begin({ "web.yaml": web, "keys.yaml": secret });
    const { uid } = value(
      await rollout.cluster.get({ ...deployment, namespace: rollout.namespace }),
    ).metadata;
    value(await rollout.cluster.delete({ ...deployment, namespace: rollout.namespace }, uid!, "self"));
    const issue = await reported(/Deployment\/web was deleted/);
    expect(await ask(issue.number)).toMatch(
      /Nothing of it can be adopted\.[^]*`Deployment\/web`: it is gone/,
    );
    expect(await ask(issue.number, "/lockkeeper adopt Deployment/other")).toContain("has not drifted");
    expect(await adoptions()).toEqual([]);
  });
});

const kustomize = findTool("kustomize");

describe.skipIf(kustomize === null)(
  `adopting in a kustomization${kustomize === null ? " (not run: there is no kustomize here, `npm test` gets one)" : ""}`,
  () => {
    beforeAll(async () => {
      ground = await startGround("in-memory");
    });
    afterAll(() => ground.stop());
    afterEach(() => rollout.stop());

    const base = { "base/web/kustomization.yaml": "resources: [web.yaml]\n", "base/web/web.yaml": web };
    const own = `# What production has of its own.
resources:
  - namespace.yaml
  - ../../../base/web
images:
  - name: ghcr.io/acme/web
    newTag: 1.2.0 # reviewed
replicas:
  - { name: web, count: 4 }
patches:
  - path: level.yaml
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { minReadySeconds: 5 }
`;
    const level = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      containers:
        - name: web
          env: [{ name: LEVEL, value: warn }]
`;

    test("writes each value where the kustomization sets it", async () => {
      await begin({ "kustomization.yaml": own, "level.yaml": level }, base);
      await edit({
        metadata: { labels: { tier: "back" } },
        spec: {
          replicas: 9,
          minReadySeconds: 7,
          template: {
            spec: {
              containers: [
                { name: "web", image: "ghcr.io/acme/web:1.5.0", env: [{ name: "LEVEL", value: "debug" }] },
              ],
            },
          },
        },
      });
      const issue = await reported(/minReadySeconds/);
      expect(await ask(issue.number)).toMatch(/^#\d+ writes it into Git\.$/m);
      const [pull] = await adoptions();
      const { sha } = pull!.head;
      expect(await read(`${folder}/kustomization.yaml`, sha)).toBe(
        own
          .replace("newTag: 1.2.0 #", "newTag: 1.5.0 #")
          .replace("count: 4", "count: 9")
          .replace("minReadySeconds: 5", "minReadySeconds: 7"),
      );
      expect(await read(`${folder}/level.yaml`, sha)).toBe(level.replace("value: warn", "value: debug"));
      expect(await read("base/web/web.yaml", sha)).toBe(web.replace("tier: front", "tier: back"));
      await landed(pull!, issue.number);
    });

    test("leaves a base alone that another app reads, and says so", async () => {
      await begin(
        { "kustomization.yaml": "resources:\n  - namespace.yaml\n  - ../../../base/web\n" },
        { ...base, "apps/shop/production/kustomization.yaml": "resources: [../../../base/web]\n" },
      );
      await edit({ spec: { replicas: 9 } });
      const issue = await reported(/replicas 3 -> 9/);
      expect(await ask(issue.number)).toContain(
        "`Deployment/web` `spec.replicas`: it comes from `base/web/web.yaml`, which the app shop-production reads too: change it there by hand, or add a patch",
      );
      expect(await adoptions()).toEqual([]);
    });
  },
);
