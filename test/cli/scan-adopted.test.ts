import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import { makeFolder, scanAndWrite } from "./scanned-folder.ts";

let registry: SandboxRegistry;
let folder: string;

const files: Readonly<Record<string, string>> = {
  ".github/lockkeeper.yml":
    "shapes:\n  - { kind: Robot, group: acme.example.com, paths: spec.release, image: REGISTRY/acme/web }\n",
  "flux/images.yaml": `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: { name: web, namespace: flux-system }
spec: { image: REGISTRY/acme/web }
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: { name: web, namespace: flux-system }
spec: { imageRepositoryRef: { name: web }, policy: { semver: { range: "<2.0.0" } } }
`,
  "apps/pod.yaml": `apiVersion: v1
kind: Pod
spec:
  containers:
    - image: REGISTRY/acme/web:1.0.0 # {"$imagepolicy": "flux-system:web"}
    - image: REGISTRY/acme/web:1.0.0 # {"$imagepolicy": "flux-system:gone"}
    - image: REGISTRY/acme/web:1.0.0
`,
  "apps/robot.yaml": "apiVersion: acme.example.com/v1\nkind: Robot\nspec: { release: 1.0.0 }\n",
};

beforeAll(async () => {
  registry = await startRegistry();
  for (const tag of ["1.0.0", "1.1.0", "2.0.0"]) await registry.push("acme/web", tag);
  folder = await makeFolder(files, registry.host);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await registry.stop();
});

test("what Flux was told holds, a policy that is gone holds the image, and named paths are followed", async () => {
  const { code, out } = await scanAndWrite(folder, registry.host);
  expect(code).toBe(0);
  const { images, skipped } = JSON.parse(out) as {
    images: { file: string; line: number; candidate: string | null; reason: string }[];
    skipped: unknown[];
  };
  expect(images.map(({ file, line, candidate }) => `${file}:${line} ${candidate}`)).toEqual([
    "apps/pod.yaml:5 1.1.0",
    "apps/pod.yaml:6 null",
    "apps/pod.yaml:7 2.0.0",
    "apps/robot.yaml:3 2.0.0",
  ]);
  expect(images[1]?.reason).toBe("ImagePolicy flux-system/gone is not in this repository.");
  expect(skipped).toEqual([]);
  const tags = (await readFile(join(folder, "apps/pod.yaml"), "utf8")).match(/(?<=web:)\d\.\d\.\d/g);
  expect(tags).toEqual(["1.1.0", "1.0.0", "2.0.0"]);
});
