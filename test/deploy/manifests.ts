/** What `deploy/` holds, as its kustomizations list it, and `kubectl` where this machine has one. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../src/model/resource.ts";

export const deployFolder = join(import.meta.dirname, "..", "..", "deploy");

/** The objects of a folder in the order of its kustomization. */
export function objectsOf(folder: string): readonly KubernetesObject[] {
  const at = join(deployFolder, folder);
  const { resources } = parse(readFileSync(join(at, "kustomization.yaml"), "utf8")) as {
    resources: string[];
  };
  return resources.flatMap((file) =>
    parseAllDocuments(readFileSync(join(at, file), "utf8")).map(
      (document) => document.toJS() as KubernetesObject,
    ),
  );
}

/** Null where there is no kubectl. */
export const kubectl = findKubectl();

function findKubectl(): ((args: readonly string[]) => string) | null {
  const run = (args: readonly string[]): string =>
    execFileSync("kubectl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  try {
    run(["version", "--client"]);
    return run;
  } catch {
    return null;
  }
}
