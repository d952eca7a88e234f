import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SandboxCluster, startCluster } from "../../src/sandbox/cluster.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";

/** One write of one of several managers. */
interface Step {
  readonly manager: string;
  readonly how: "apply" | "force" | "patch";
  readonly content: object;
}

interface Seen {
  readonly status: number;
  readonly conflicts: readonly string[];
  readonly content: unknown;
  readonly owners: unknown;
}

interface LiveObject {
  readonly metadata: {
    readonly labels?: object;
    readonly managedFields?: readonly Entry[];
    readonly generation?: number;
  };
  readonly data?: object;
  readonly spec?: object;
  readonly details?: { readonly causes?: readonly { readonly message: string }[] };
}

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly fieldsV1: object;
}

const word = fc.constantFrom("1", "2", "3");
const map = fc.dictionary(fc.constantFrom("a", "b", "c"), word, { maxKeys: 3 });
const step = (content: fc.Arbitrary<object>): fc.Arbitrary<Step> =>
  fc.record({
    manager: fc.constantFrom("ours", "theirs", "hand"),
    how: fc.constantFrom("apply", "apply", "force", "patch"),
    content,
  });

/** Never empty: servers differ in whether an inner node that became empty stays owned. */
const configMap = fc.record({ data: map, labels: map }).map(({ data, labels }) => ({
  metadata: { labels: { kept: "yes", ...labels } },
  data: { kept: "yes", ...data },
}));

const container = (name: string) =>
  fc
    .record({ image: fc.constantFrom("one:1", "two:2"), env: map, port: fc.option(fc.constantFrom(80, 81)) })
    .map(({ image, env, port }) => ({
      name,
      image,
      env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
      ...(port === null ? {} : { ports: [{ containerPort: port, protocol: "TCP" }] }),
    }));
const deployment = fc
  .record({
    replicas: fc.option(fc.constantFrom(0, 1, 2)),
    web: container("web"),
    side: fc.option(container("side")),
    args: fc.option(fc.constantFrom(["x"], ["x", "y"])),
    volume: fc.option(
      fc.constantFrom({ configMap: { name: "x" } }, { configMap: { name: "x", optional: true } }),
    ),
  })
  .map(({ replicas, web, side, args, volume }) => ({
    metadata: {},
    spec: {
      // Paused, so that the controllers of the real one keep their hands off.
      paused: true,
      ...(replicas === null ? {} : { replicas }),
      selector: { matchLabels: { app: "twin" } },
      template: {
        metadata: { labels: { app: "twin" } },
        spec: {
          ...(volume === null ? {} : { volumes: [{ name: "v", ...volume }] }),
          containers: [{ ...web, ...(args === null ? {} : { args }) }, ...(side === null ? [] : [side])],
        },
      },
    },
  }));

const kinds = {
  ConfigMap: { apiVersion: "v1", path: "/api/v1/namespaces/default/configmaps", content: configMap },
  Deployment: {
    apiVersion: "apps/v1",
    path: "/apis/apps/v1/namespaces/default/deployments",
    content: deployment,
  },
} as const;

async function play(
  cluster: SandboxCluster,
  kind: keyof typeof kinds,
  name: string,
  steps: readonly Step[],
): Promise<Seen[]> {
  const { apiVersion, path } = kinds[kind];
  const seen: Seen[] = [];
  for (const { manager, how, content } of steps) {
    const { metadata } = content as { metadata: object };
    const applied = { ...content, apiVersion, kind, metadata: { ...metadata, name } };
    const [body, type] =
      how === "patch"
        ? [content, "application/strategic-merge-patch+json"]
        : [applied, "application/apply-patch+yaml"];
    const force = how === "patch" ? "" : `&force=${how === "force"}`;
    const answer = await cluster.api.call(
      "PATCH",
      `${path}/${name}?fieldManager=${manager}${force}`,
      body,
      type,
    );
    const now = (await cluster.api.call("GET", `${path}/${name}`)).body as LiveObject;
    seen.push(look(answer.status, answer.body as LiveObject, now));
  }
  return seen;
}

function look(status: number, answer: LiveObject, now: LiveObject): Seen {
  const causes = answer.details?.causes ?? [];
  return {
    status,
    // Kubernetes 1.20 sometimes names one field twice and the other not at all, so only the managers count.
    conflicts: causes.map(({ message }) => message).sort(),
    content: settled({ data: now.data, labels: now.metadata?.labels, spec: now.spec }),
    owners: (now.metadata?.managedFields ?? [])
      .filter((entry) => entry.manager !== "kube-controller-manager")
      .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fields: leaves(fieldsV1).sort() }))
      .sort((one, other) => (one.manager + one.operation < other.manager + other.operation ? -1 : 1)),
  };
}

/** Only leaves: servers differ in which inner nodes they mark. */
function leaves(node: object, path = ""): string[] {
  const inner = Object.entries(node).filter(([key]) => key !== ".");
  if (inner.length === 0) return [path];
  return inner.flatMap(([key, part]) => leaves(part as object, `${path} ${key}`));
}

/** Without the times that a real one writes into templates, and whatever the order of named items. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(settled).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "creationTimestamp");
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, settled(part)]),
  );
}

const assets = findAssets(process.env);

const where = assets === null ? " (not run: there is no kube-apiserver here, `npm test` builds one)" : "";

describe.skipIf(assets === null)(`the API in memory and a real one${where}`, () => {
  let real: SandboxCluster;
  let memory: SandboxCluster;
  let round = 0;

  beforeAll(async () => {
    [real, memory] = await Promise.all([
      startCluster({ kind: "kube-apiserver" }),
      startCluster({ kind: "in-memory" }),
    ]);
  }, 90_000);
  afterAll(() => Promise.all([real?.stop(), memory?.stop()]));

  test.each(["ConfigMap", "Deployment"] as const)(
    "agree on every write of a %s by several managers",
    async (kind) => {
      const sequence = fc.array(step(kinds[kind].content), { minLength: 1, maxLength: 6 });
      const property = fc.asyncProperty(sequence, async (steps) => {
        round += 1;
        const name = `twin-${round}`;
        const [wanted, got] = await Promise.all([
          play(real, kind, name, steps),
          play(memory, kind, name, steps),
        ]);
        expect(got).toEqual(wanted);
      });
      await fc.assert(property, { numRuns: 40, seed: 20_261_122, endOnFailure: false });
    },
  );
});
