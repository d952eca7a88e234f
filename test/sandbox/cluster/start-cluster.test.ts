import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster } from "../../../src/sandbox/cluster.ts";
import { findAssets } from "../../../src/sandbox/cluster/cluster-assets.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockkeeper-start-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function programs(
  place: string,
  names: readonly string[],
  text = "#!/bin/sh\nexit 0\n",
): Promise<string> {
  await mkdir(place, { recursive: true });
  for (const name of names) {
    await writeFile(join(place, name), text);
    await chmod(join(place, name), 0o755);
  }
  return place;
}

describe("a real API server is taken", () => {
  const both = ["kube-apiserver", "etcd"];

  test("from the folder that is named, else from the newest complete one of the cache", async () => {
    const named = await programs(join(folder, "named"), both);
    const cache = join(folder, "xdg", "lockkeeper", "kube");
    await programs(join(cache, "1.9.0"), both);
    const newest = await programs(join(cache, "1.20.2"), both);
    await programs(join(cache, "1.30.0"), ["kube-apiserver"]);
    const env = { XDG_CACHE_HOME: join(folder, "xdg") };
    expect(findAssets({ ...env, KUBEBUILDER_ASSETS: named })).toBe(named);
    expect(findAssets({ ...env, KUBEBUILDER_ASSETS: join(folder, "nowhere") })).toBe(newest);
    expect(findAssets(env)).toBe(newest);
    expect(findAssets({ XDG_CACHE_HOME: folder })).toBeNull();
  });

  test("only where there is one: auto falls back to memory, asking for it fails with what to set", async () => {
    const env = { XDG_CACHE_HOME: join(folder, "empty") };
    const cluster = await startCluster({ env });
    expect(cluster.kind).toBe("in-memory");
    await cluster.stop();
    await expect(startCluster({ kind: "kube-apiserver", env })).rejects.toThrow("KUBEBUILDER_ASSETS");
  });

  test("and where it ends early, its last words are told", async () => {
    const assets = await programs(
      join(folder, "broken"),
      both,
      "#!/bin/sh\necho the disk is full >&2\nexit 3\n",
    );
    const starting = startCluster({ kind: "kube-apiserver", assets });
    await expect(starting).rejects.toThrow(/etcd ended with exit code 3.*the disk is full/s);
  });
});

/** A process of its own that starts a cluster and says where its files are. */
async function startElsewhere(kind: string) {
  const module = join(import.meta.dirname, "..", "..", "..", "src", "sandbox", "cluster.ts");
  const script = `import { startCluster } from ${JSON.stringify(module)};
    const cluster = await startCluster({ kind: ${JSON.stringify(kind)} });
    console.log(cluster.kubeconfig + " " + cluster.url);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [kubeconfig = "", url = ""] = line.split(" ");
    return { child, kubeconfig, url };
  }
  throw new Error("it ended without a word");
}

describe("stopping", () => {
  test("takes its files along", async () => {
    const cluster = await startCluster({ kind: "in-memory" });
    expect(await readFile(cluster.kubeconfig, "utf8")).toContain(cluster.url);
    await cluster.stop();
    await expect(access(dirname(cluster.kubeconfig))).rejects.toThrow("ENOENT");
  });

  const real = findAssets(process.env) !== null;
  test.skipIf(!real)(
    `a process that is killed takes its servers with it${real ? "" : " (no kube-apiserver here)"}`,
    async () => {
      const { child, kubeconfig, url } = await startElsewhere("kube-apiserver");
      const alive = async () => {
        const failed = await fetch(url).then(
          () => null,
          (error: Error) => (error.cause as { code?: string }).code,
        );
        return failed !== "ECONNREFUSED";
      };
      expect(await alive()).toBe(true);
      child.kill("SIGKILL");
      await once(child, "close");
      await expect.poll(alive, { timeout: 10_000 }).toBe(false);
      await rm(dirname(kubeconfig), { recursive: true, force: true });
    },
  );
});
