import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";
import { makeFolder, scanAndWrite } from "./scanned-folder.ts";

let registry: SandboxRegistry;
let folder: string;
let old: string;
let next: string;

const policy = (name: string, digestReflectionPolicy: string, range = "1.x"): string => `---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: { name: ${name}, namespace: flux-system }
spec:
  imageRepositoryRef: { name: web }
  digestReflectionPolicy: ${digestReflectionPolicy}
  policy: { semver: { range: ${range} } }
`;
const objects = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: { name: web, namespace: flux-system }
spec: { image: REGISTRY/acme/web }
${policy("always", "Always")}${policy("once", "IfNotPresent")}${policy("never", "Never")}${policy("same", "Always", "1.0.x")}`;

const marker = (name: string): string => `# {"$imagepolicy": "flux-system:${name}"}`;
const files = (): Readonly<Record<string, string>> => ({
  "flux/images.yaml": objects,
  "pod.yaml": `apiVersion: v1
kind: Pod
spec:
  containers:
    - image: REGISTRY/acme/web:1.0.0 ${marker("always")}
    - image: REGISTRY/acme/web:1.0.0 ${marker("once")}
    - image: REGISTRY/acme/web:1.0.0 ${marker("never")}
    - image: REGISTRY/acme/web:1.0.0@${old} ${marker("same")}
`,
  "one/kustomization.yaml": `images:
  - name: REGISTRY/acme/web
    newTag: 1.0.0 ${marker("always:tag")}
    digest: ${old} ${marker("always:digest")}
`,
  "two/kustomization.yaml": `images:
  - name: REGISTRY/acme/web
    newTag: 1.0.0 ${marker("never:tag")}
    digest: ${old} ${marker("never:digest")}
`,
  "values.yaml": `image:
  repository: REGISTRY/acme/web
  tag: 1.0.0 ${marker("always:tag")}
`,
});

beforeAll(async () => {
  registry = await startRegistry();
  old = await registry.push("acme/web", "1.0.0");
  await registry.push("acme/web", "1.0.0", { labels: { build: "2" } });
  next = await registry.push("acme/web", "1.1.0");
  folder = await makeFolder(files(), registry.host);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await registry.stop();
});

test("digests are written as Flux was told to, where their markers are", async () => {
  const { code, out } = await scanAndWrite(folder, registry.host);
  expect(code).toBe(0);
  const written = async (path: string): Promise<string> =>
    (await readFile(join(folder, path), "utf8")).replaceAll(registry.host, "REGISTRY");
  const before = files();
  const pod = (await written("pod.yaml")).match(/(?<=web:)\S+/g);
  expect(pod?.slice(0, 3)).toEqual([`1.1.0@${next}`, `1.1.0@${next}`, "1.1.0"]);
  expect(pod?.[3]).toMatch(/^1\.0\.0@sha256:[0-9a-f]{64}$/);
  expect(pod?.[3]).not.toBe(`1.0.0@${old}`);
  expect(await written("one/kustomization.yaml")).toBe(
    before["one/kustomization.yaml"]?.replace("1.0.0", "1.1.0").replace(old, next),
  );
  expect(await written("two/kustomization.yaml")).toBe(before["two/kustomization.yaml"]);
  expect(await written("values.yaml")).toBe(before["values.yaml"]?.replace("1.0.0", "1.1.0"));
  const { images } = JSON.parse(out) as { images: { file: string; reason: string }[] };
  expect(images.find(({ file }) => file.startsWith("two/"))?.reason).toBe(
    "ImagePolicy flux-system/never has no digest for the marker of one: its digestReflectionPolicy is Never.",
  );
});
