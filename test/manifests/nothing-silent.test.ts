import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findOccurrences } from "../../src/manifests/find-occurrences.ts";

/** What is never touched, as written by the cluster or a copy; everything else has to be found or told. */
const untouched = new Set(["status", "metadata", "annotations", "_example", "sops"]);

const kinds = fc.constantFrom(
  ["apps/v1", "Deployment"],
  ["v1", "ConfigMap"],
  ["argoproj.io/v1alpha1", "Application"],
  ["helm.toolkit.fluxcd.io/v2", "HelmRelease"],
  ["kustomize.config.k8s.io/v1beta1", "Kustomization"],
  ["tekton.dev/v1", "Task"],
  ["acme.example.com/v1", "Robot"],
  ["monitoring.coreos.com/v1", "Prometheus"],
  null,
);
const files = fc.constantFrom("app.yaml", "values.yaml", "kustomization.yaml", "deep/er/list.yml");
const key = fc.oneof(
  fc.constantFrom("image", "initImage", "imageName", "cacheImage", "RELATED_IMAGE_X"),
  fc.constantFrom("spec", "template", "containers", "env", "values", "images", "data", "helm", "patches"),
  fc.constantFrom("name", "value", "version", "registry", "status", "annotations", "_example", "other"),
);
const reference = fc.constantFrom(
  "acme/web:1.0.0",
  "ghcr.io/acme/web:v2",
  `registry.local:5000/web@sha256:${"a".repeat(64)}`,
  "web:1.0.0",
);
const word = fc.constantFrom("plain", "12:30", "", "http://web:80/x", "{{ .tag }}");

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", maxDepth: 6 },
    fc.oneof(reference, word),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { minKeys: 1, maxKeys: 4 }),
  ),
}));

/** The lines that have an image under a key that says so, but for what is never touched. */
function linesWithImages(text: string): readonly number[] {
  const lines = text.split("\n");
  const inside: { readonly indent: number; readonly key: string }[] = [];
  return lines.flatMap((line, index) => {
    const found = /^((?: |- )*)([\w_]+):(?: "?(.*?)"?)?$/.exec(line);
    if (found === null) return [];
    const [, lead = "", name = "", value = ""] = found;
    while (inside.length > 0 && inside.at(-1)!.indent >= lead.length) inside.pop();
    inside.push({ indent: lead.length, key: name });
    const isImage = /image/i.test(name) && /^[\w./:-]+(?::v?\d[\w.]*|@sha256:\w+)$/.test(value);
    return isImage && value !== "12:30" && !inside.some((one) => untouched.has(one.key)) ? [index + 1] : [];
  });
}

test("an image under a key that says so is found or told, whatever is around it", () => {
  fc.assert(
    fc.property(kinds, files, fc.dictionary(key, tree, { minKeys: 1 }), (kind, file, body) => {
      const head = kind === null ? {} : { apiVersion: kind[0], kind: kind[1] };
      const text = stringify({ ...head, ...body }, { lineWidth: 0, aliasDuplicateObjects: false });
      const { occurrences, skipped } = findOccurrences(file, Buffer.from(text));
      const known = new Set([...occurrences, ...skipped].map(({ line }) => line));
      expect(linesWithImages(text).filter((line) => !known.has(line))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
