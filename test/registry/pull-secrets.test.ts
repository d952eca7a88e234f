import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ConnectedCluster, connectCluster } from "../../src/cluster/connect-cluster.ts";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { pullSecretCredentials } from "../../src/registry/pull-secrets.ts";
import { type SandboxCluster, startCluster } from "../../src/sandbox/cluster.ts";
import { valueOf } from "./references.ts";

const robot = { username: "robot", password: "s3cret" };
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function secret(name: string, data: Record<string, string>): KubernetesObject {
  const type = data[".dockerconfigjson"] === undefined ? "Opaque" : "kubernetes.io/dockerconfigjson";
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "default" }, type, data };
}

describe("pull secrets of the cluster", () => {
  let sandbox: SandboxCluster;
  let cluster: ConnectedCluster;
  const warnings: string[] = [];
  let now = 0;

  beforeAll(async () => {
    sandbox = await startCluster({ kind: "in-memory" });
    cluster = valueOf(await connectCluster({ kubeconfigFile: sandbox.kubeconfig }));
    const auths = { "ghcr.io": robot, "quay.io/acme": { identitytoken: "t0ken" } };
    const config = { auths, credsStore: "desktop" };
    for (const object of [
      secret("pull", { ".dockerconfigjson": base64(JSON.stringify(config)) }),
      secret("other", { password: base64("s3cret") }),
    ]) {
      valueOf(await cluster.create(object));
    }
  });
  afterAll(async () => {
    await cluster.close();
    await sandbox.stop();
  });
  beforeEach(() => void (warnings.length = 0));

  const find = (...names: string[]) =>
    pullSecretCredentials({
      cluster,
      secrets: names.map((name) => ({ namespace: "default", name })),
      warn: (message) => void warnings.push(message),
      now: () => now,
    });

  test("are those of the hosts and paths that they name, and of no others", async () => {
    const credentials = find("pull");
    expect(valueOf(await credentials("ghcr.io", "acme/web"))).toEqual(robot);
    expect(valueOf(await credentials("quay.io", "acme/web"))).toEqual({ identityToken: "t0ken" });
    expect(valueOf(await credentials("quay.io", "other/web"))).toBeUndefined();
    expect(valueOf(await credentials("ghcr.io.evil.com", "acme/web"))).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("that cannot be used are said, without their content, and the others are used", async () => {
    const credentials = find("missing", "other", "pull");
    expect(valueOf(await credentials("ghcr.io", "acme/web"))).toEqual(robot);
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toMatch(/default\/missing is not used.*default\/other is not used/);
    expect(warnings.join()).not.toMatch(/s3cret|t0ken/);
  });

  test("are read again after five minutes", async () => {
    const credentials = find("pull");
    const reads = (): number => cluster.requests.get("get") ?? 0;
    await Promise.all(["a", "b", "c"].map((name) => credentials("ghcr.io", name)));
    const before = reads();
    await credentials("ghcr.io", "d");
    expect(reads()).toBe(before);
    now += 300_000;
    await credentials("ghcr.io", "d");
    expect(reads()).toBe(before + 1);
  });
});
