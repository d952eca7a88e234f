import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse-config.ts";
import { customKinds } from "../../src/manifests/custom-kinds.ts";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";
import { manifestFiles } from "../../src/manifests/manifest-files.ts";
import { platformKinds } from "../../src/manifests/platform-kinds.ts";
import { splice } from "../../src/manifests/splice.ts";

const robot = `apiVersion: acme.example.com/v2
kind: Robot
spec:
  runner: registry.example.com:5000/acme/runner:1.0.0
  release: "1.0"
  arms:
    - { repository: acme/arm, tag: 1.0.0 }
  pods: { containers: [{ name: a, image: acme/brain:1.0.0 }] }
  by.name: { a: acme/a:1.0.0, b: acme/b:1.0.0 }
`;

/** Images as the paths of a configuration find them: `image:tag`. */
function imagesBy(shapes: string, text = robot): readonly string[] {
  const parsed = parseConfig(`shapes:\n  - ${shapes}\n`, "lockkeeper.yml");
  if (!parsed.ok) return parsed.problems.map(({ line, message }) => `${line} ${message}`);
  const found = findOccurrences("a.yaml", Buffer.from(text), {
    files: new Map(),
    kinds: parsed.value.shapes,
  });
  return found.occurrences
    .filter(({ shape }) => shape === "custom-kind")
    .map(({ image, tag }) => `${image}:${tag}`);
}

test.each([
  ["a scalar", "paths: spec.runner", ["registry.example.com:5000/acme/runner:1.0.0"]],
  ["maps of a list", "paths: ['spec.arms[]']", ["acme/arm:1.0.0"]],
  ["a pod spec", "paths: [spec.pods]", ["acme/brain:1.0.0"]],
  ["every key of a map", String.raw`paths: ['spec.by\.name.*']`, ["acme/a:1.0.0", "acme/b:1.0.0"]],
  ["a version of an image", "paths: spec.release, image: ghcr.io/acme/robot", ["ghcr.io/acme/robot:1.0"]],
  ["what is not there", "paths: [spec.nothing, 'spec.runner[]', metadata.name]", []],
])("the configuration can name %s", (_, paths, images) => {
  expect(imagesBy(`{ kind: Robot, group: acme.example.com, ${paths} }`)).toEqual(images);
  expect(imagesBy(`{ kind: Robot, group: other.example.com, ${paths} }`)).toEqual([]);
  expect(imagesBy(`{ kind: [Person], group: acme.example.com, ${paths} }`)).toEqual([]);
});

describe("the configuration can name files", () => {
  const found = (shape: string, path: string, text: string): readonly string[] => {
    const parsed = parseConfig(`shapes:\n  - { ${shape} }\n`, "lockkeeper.yml");
    if (!parsed.ok) return parsed.problems.map(({ message }) => message);
    const bytes = Buffer.from(text);
    const files = new Map([[path, bytes]]);
    const kinds = parsed.value.shapes;
    if (!manifestFiles(files, kinds).includes(path)) return ["not read"];
    return findOccurrences(path, bytes, { files, kinds }).occurrences.map(
      ({ image, tag }) => `${image}:${tag}`,
    );
  };
  const tags = "files: 'image-tags/*/{app}', paths: image_tag, image: 'ghcr.io/acme/{app}'";

  test("without an ending, and the name of the image by that of the file", () => {
    expect(found(tags, "image-tags/test/web-site", "image_tag: v749\n")).toEqual([
      "ghcr.io/acme/web-site:v749",
    ]);
    expect(found(tags, "other/test/web-site", "image_tag: v749\n")).toEqual(["not read"]);
    expect(found(tags, "image-tags/test/deep/web", "image_tag: v749\n")).toEqual(["not read"]);
  });

  test("with words that nothing else knows, and versions of charts", () => {
    const release = "files: '**/releases.yaml', paths: '*.release', image: acme/web";
    expect(found(release, "a/b/releases.yaml", "web: { release: 1.0.0 }\n")).toEqual(["acme/web:1.0.0"]);
    expect(found(release, "releases.yaml", "web: { release: 1.0.0 }\n")).toEqual(["acme/web:1.0.0"]);
    const chart = "files: 'charts/{name}/Chart.yaml', paths: appVersion, image: 'quay.io/acme/{name}'";
    const text = "apiVersion: v2\nname: web\nappVersion: 1.0.0\n";
    expect(found(chart, "charts/web/Chart.yaml", text)).toEqual(["quay.io/acme/web:1.0.0"]);
  });
});

test("a version that is edited stays text", () => {
  const kinds = [{ group: "", kinds: ["ConfigMap"], paths: ["data.release"], image: "acme/web" }];
  const bytes = Buffer.from("apiVersion: v1\nkind: ConfigMap\ndata: { release: v1.9 }\n");
  const { occurrences } = findOccurrences("a.yaml", bytes, { files: new Map(), kinds });
  const edits = occurrences.map((occurrence) => ({ occurrence, to: { tag: "1.10", digest: null } }));
  const spliced = splice(bytes, edits);
  expect(spliced.ok && Buffer.from(spliced.value).toString()).toContain('release: "1.10" }');
});

test.each([
  ["{ kind: Robot, paths: [] }", "2 "],
  ["{ kind: Robot, paths: 'spec..image' }", '"spec..image" is not a path, like spec.image'],
  ["{ kind: Robot, paths: 'spec image' }", '"spec image" is not a path'],
  [
    "{ kind: Robot, paths: spec.v, image: 'acme/web:1.0' }",
    '"acme/web:1.0" is not the name of an image without its tag',
  ],
  ["{ paths: spec.image }", "needs a kind or files, and not both"],
  ["{ kind: Robot, files: a/*, paths: spec.image }", "needs a kind or files, and not both"],
  ["{ files: 'a/*b*/c', paths: tag }", '"a/*b*/c" is not a path like tags/*/{app}'],
  ["{ files: 'tags/{app}', paths: tag, image: 'acme/{ap}' }", "is not the name of an image"],
  ["{ kind: Robot, paths: spec.image, container: a }", "container"],
])("a mistake in %s is told with its line", (shape, problem) => {
  expect(imagesBy(shape)).toHaveLength(1);
  expect(imagesBy(shape)[0]).toMatch(/^2 /);
  expect(imagesBy(shape)[0]).toContain(problem);
});

test("no path of the table is given twice", () => {
  const lines = [...customKinds, ...platformKinds].flatMap(({ group, kinds, paths }) =>
    kinds.flatMap((kind) => paths.map((path) => `${kind}.${group} ${path}`)),
  );
  expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
});
