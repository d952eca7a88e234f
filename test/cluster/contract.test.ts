import { describe, test } from "vitest";
import { startCluster } from "../../src/sandbox/cluster.ts";
import { findAssets } from "../../src/sandbox/cluster/cluster-assets.ts";
import { clusterContract } from "../contracts/cluster.ts";

clusterContract("the API in memory", () => startCluster({ kind: "in-memory" }));

const assets = findAssets(process.env);
if (assets === null) {
  describe("the cluster contract on a real kube-apiserver", () => {
    test.skip("was not run: there is none in KUBEBUILDER_ASSETS or the cache (`npm test` builds it)", () => {});
  });
} else {
  clusterContract("a real kube-apiserver", () => startCluster({ kind: "kube-apiserver", assets }));
}
