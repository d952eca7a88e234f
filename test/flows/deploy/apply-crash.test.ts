import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConnectedCluster } from "../../../src/cluster/connect-cluster.ts";
import type { KubernetesObject } from "../../../src/model/resource.ts";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";
import { type SandboxCluster, startCluster } from "../../../src/sandbox/cluster.ts";
import { freshPlace, startApply } from "./apply-world.ts";

const assets = findAssets(process.env);
const where = assets === null ? " (not run: there is no kube-apiserver here, `npm test` builds one)" : "";
/** Every point where time does not matter, else a few, which a seed chooses. */
const everyPoint = process.env.LOCKKEEPER_SOAK !== undefined;
const seed = Number(process.env["LOCKKEEPER_SEED"] ?? 1);
const slice = 6;

const maps = 38;

/** Forty objects, each with another value; `extra` is gone with the next commit. */
function commit(value: string): Record<string, string> {
  const map = (name: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { text: ${value} }\n`;
  const names = Array.from({ length: maps }, (_, index) => `m${index}`);
  return {
    "maps.yaml": [...names, `extra-${value}`].map(map).join("---\n"),
    "web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { value: ${value} } }
    spec: { containers: [{ name: web, image: web }] }
`,
  };
}

/** Ends everything at the `at`th request: before it is sent, or after it took effect and before its answer is read. */
class Killer {
  readonly #at: number;
  readonly #after: boolean;
  count = 0;
  dead = false;

  constructor(at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
  }

  between = (cluster: ConnectedCluster): ConnectedCluster =>
    new Proxy(cluster, {
      get: (of, name) => {
        const member: unknown = Reflect.get(of, name, of);
        if (typeof member !== "function" || ["watch", "close", "kind"].includes(String(name))) return member;
        return (...args: unknown[]) =>
          this.#request(() => Reflect.apply(member, of, args) as Promise<unknown>);
      },
    });

  async #request<T>(send: () => Promise<T>): Promise<T> {
    const fatal = ++this.count === this.#at;
    if (fatal && !this.#after) this.dead = true;
    this.#check();
    const answer = await send();
    if (fatal) this.dead = true;
    this.#check();
    return answer;
  }

  #check(): void {
    if (this.dead) throw new Error("killed");
  }
}

/** As many different numbers below `of`, always the same for one seed. */
function drawn(many: number, of: number): readonly number[] {
  const found = new Set<number>();
  for (let state = seed; found.size < Math.min(many, of);) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    found.add(state % of);
  }
  return [...found].sort((a, b) => a - b);
}

describe.skipIf(assets === null)(`a deployment of forty objects${where}`, () => {
  let sandbox: SandboxCluster;
  const place = freshPlace();
  const inside = `/namespaces/${place.namespace}`;
  beforeAll(async () => {
    sandbox = await startCluster({ kind: "kube-apiserver" });
    await sandbox.api.call("POST", "/api/v1/namespaces", { metadata: { name: place.namespace } });
  });
  afterAll(() => sandbox?.stop());

  async function content(): Promise<readonly KubernetesObject[]> {
    const lists = [`/api/v1${inside}/configmaps`, `/apis/apps/v1${inside}/deployments`].map((path) =>
      sandbox.api.call("GET", path),
    );
    const answers = await Promise.all(lists);
    return answers.flatMap(({ body }) => (body as { items: KubernetesObject[] }).items);
  }

  const shown = (objects: readonly KubernetesObject[], value: string) =>
    objects
      .filter(({ metadata }) => metadata.name !== "kube-root-ca.crt")
      .map(({ metadata, data, spec }) => JSON.stringify([metadata.name, metadata.labels, data, spec]))
      .map((text) => text.replaceAll(value, "VALUE"));

  test(
    `killed at ${everyPoint ? "any" : "some"} request, before or after its effect, ends as the undisturbed one does`,
    async () => {
      const whole = new Killer(0, false);
      let app = await startApply(sandbox, place, { between: whole.between });
      await app.deploy(commit("v0"));
      const began = whole.count;
      await app.deploy(commit("v00"));
      const requests = whole.count - began;
      await app.stop();
      expect(requests).toBeGreaterThan(80);
      const undisturbed = shown(await content(), "v00");
      expect(undisturbed).toHaveLength(maps + 2);
      // Reading its records is what a process begins with.
      const points = (requests + 6) * 2;
      const chosen = everyPoint ? Array.from({ length: points }, (_, index) => index) : drawn(slice, points);
      for (const point of chosen) {
        const value = `v${point + 1}x`;
        const before = await content();
        const killer = new Killer(Math.floor(point / 2) + 1, point % 2 === 1);
        const dying = startApply(sandbox, place, { between: killer.between });
        const killed = await dying
          .then(async (one) => {
            const told = await one.deploy(commit(value)).catch(() => null);
            await one.stop();
            return told;
          })
          .catch(() => null);
        expect(killed === null || !killer.dead, `point ${point}`).toBe(true);
        app = await startApply(sandbox, place);
        await app.deploy(commit(value));
        await app.stop();
        const after = await content();
        expect(shown(after, value), `point ${point}`).toEqual(undisturbed);
        const old = new Map(before.map((object) => [object.metadata.name, object.metadata]));
        for (const { metadata } of after) {
          const was = old.get(metadata.name);
          if (was === undefined) continue;
          expect(metadata.uid, `point ${point}`).toBe(was.uid);
          expect((metadata.generation ?? 0) - (was.generation ?? 0), `point ${point}`).toBeLessThanOrEqual(1);
        }
      }
    },
    everyPoint ? 3_600_000 : 240_000,
  );
});
