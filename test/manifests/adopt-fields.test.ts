import { describe, expect, test } from "vitest";
import { adoptFields } from "../../src/manifests/adopt-fields.ts";
import type { LiveField } from "../../src/manifests/live-field.ts";

const name = { apiVersion: "apps/v1", kind: "Deployment", namespace: "web", name: "web" };

const deployment = `# The site.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web   # who it is
    tier: "front"
spec:
  replicas: 3 # as measured
  template:
    metadata:
      annotations: {}
    spec:
      containers:
        - name: web
          image: 'ghcr.io/acme/web:1.0.0'
          args: ["--port", "80"]
          env:
            - name: LEVEL
              value: info
            - { name: MODE, value: "fast" }
          ports:
            - containerPort: 80
              name: http
          resources:
            limits: { cpu: 500m, memory: 128Mi }
            requests:
              cpu: 100m
        - name: side
          image: ghcr.io/acme/side:2
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { replicas: 3 }
`;

const container = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}'];
const spec = (...steps: string[]): string[] => ["f:spec", ...steps];
const inContainer = (...steps: string[]): string[] => [...container, ...steps];
const label = (key: string): string[] => ["f:metadata", "f:labels", `f:${key}`];

function adopt(text: string, ...fields: LiveField[]): string {
  const adopted = adoptFields(Buffer.from(text), name, fields);
  if (!adopted.ok) return adopted.failure.message;
  const [refused] = adopted.value.refused;
  return refused === undefined ? Buffer.from(adopted.value.bytes).toString() : `refused: ${refused.why}`;
}

/** One field each: steps, the live value, the text that is replaced and what stands there afterwards. */
const cases: readonly (readonly [what: string, steps: string[], value: unknown, old: string, now: string])[] =
  [
    ["a number with a comment behind it", spec("f:replicas"), 7, "replicas: 3 # as", "replicas: 7 # as"],
    [
      "an image in single quotes",
      inContainer("f:image"),
      "ghcr.io/acme/web:1.1.0",
      "web:1.0.0'",
      "web:1.1.0'",
    ],
    [
      "a plain image",
      ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"side"}', "f:image"],
      "ghcr.io/acme/side:3",
      "side:2",
      "side:3",
    ],
    ["a label with a comment", label("app"), "shop", "app: web   #", "app: shop   #"],
    ["a label in double quotes", label("tier"), "back", '"front"', '"back"'],
    ["a label that would be a number", label("app"), "123", "app: web ", 'app: "123" '],
    ["a label that would be a boolean", label("app"), "yes", "app: web ", 'app: "yes" '],
    ["a label that would be null", label("app"), "", "app: web ", 'app: "" '],
    ["a text with a colon", label("app"), "a: b", "app: web ", 'app: "a: b" '],
    ["a text that would begin a comment", label("app"), "a #b", "app: web ", 'app: "a #b" '],
    ["a quote within single quotes", inContainer("f:image"), "it's", "'ghcr.io/acme/web:1.0.0'", "'it''s'"],
    [
      "a label that is gone",
      label("app"),
      undefined,
      '    app: web   # who it is\n    tier: "front"',
      '    tier: "front"',
    ],
    ["the last label that is gone", label("tier"), undefined, '\n    tier: "front"', ""],
    ["a label that is new", label("team"), "shop", '"front"\n', '"front"\n    team: shop\n'],
    [
      "a label with a slash that is new",
      label("acme.io/team"),
      "shop",
      '"front"\n',
      '"front"\n    acme.io/team: shop\n',
    ],
    [
      "all labels that are gone",
      ["f:metadata", "f:labels"],
      undefined,
      '\n  labels:\n    app: web   # who it is\n    tier: "front"',
      "",
    ],
    [
      "a map that is new",
      ["f:metadata", "f:annotations", "f:note"],
      "x",
      '"front"\n',
      '"front"\n  annotations:\n    note: x\n',
    ],
    [
      "an annotation in an empty map",
      spec("f:template", "f:metadata", "f:annotations", "f:note"),
      "x",
      "annotations: {}",
      'annotations: {"note":"x"}',
    ],
    ["a value in braces", inContainer("f:resources", "f:limits", "f:cpu"), "1", "cpu: 500m", 'cpu: "1"'],
    [
      "the last value in braces",
      inContainer("f:resources", "f:limits", "f:memory"),
      "256Mi",
      "128Mi",
      "256Mi",
    ],
    [
      "a value in braces that is gone",
      inContainer("f:resources", "f:limits", "f:cpu"),
      undefined,
      "{ cpu: 500m, memory",
      "{ memory",
    ],
    [
      "the last value in braces that is gone",
      inContainer("f:resources", "f:limits", "f:memory"),
      undefined,
      "500m, memory: 128Mi }",
      "500m }",
    ],
    [
      "a value in braces that is new",
      inContainer("f:resources", "f:limits", "f:ephemeral-storage"),
      "1Gi",
      "128Mi }",
      '128Mi, ephemeral-storage: "1Gi" }',
    ],
    [
      "the only value of a map, gone",
      inContainer("f:resources", "f:requests", "f:cpu"),
      undefined,
      "requests:\n              cpu: 100m",
      "requests: {}",
    ],
    ["a request", inContainer("f:resources", "f:requests", "f:cpu"), "250m", "cpu: 100m", "cpu: 250m"],
    [
      "a request that is new",
      inContainer("f:resources", "f:requests", "f:memory"),
      "64Mi",
      "cpu: 100m\n",
      "cpu: 100m\n              memory: 64Mi\n",
    ],
    [
      "all requests, gone",
      inContainer("f:resources", "f:requests"),
      undefined,
      "            requests:\n              cpu: 100m\n",
      "",
    ],
    [
      "the value of a variable",
      inContainer("f:env", 'k:{"name":"LEVEL"}', "f:value"),
      "debug",
      "value: info",
      "value: debug",
    ],
    [
      "the value of a variable in braces",
      inContainer("f:env", 'k:{"name":"MODE"}', "f:value"),
      "slow",
      '"fast"',
      '"slow"',
    ],
    [
      "a variable that is gone",
      inContainer("f:env", 'k:{"name":"LEVEL"}', "."),
      undefined,
      "            - name: LEVEL\n              value: info\n",
      "",
    ],
    [
      "a variable in braces that is gone",
      inContainer("f:env", 'k:{"name":"MODE"}', "."),
      undefined,
      '            - { name: MODE, value: "fast" }\n',
      "",
    ],
    [
      "the name of a variable without its value",
      inContainer("f:env", 'k:{"name":"LEVEL"}', "f:value"),
      undefined,
      "LEVEL\n              value: info\n",
      "LEVEL\n",
    ],
    [
      "a variable that is new",
      inContainer("f:env", 'k:{"name":"NEW"}', "f:value"),
      "1",
      '"fast" }\n',
      '"fast" }\n            - name: NEW\n              value: "1"\n',
    ],
    ["an item of a list in brackets", inContainer("f:args"), ["--port", "8080"], '"80"', '"8080"'],
    [
      "an item that is new in brackets",
      inContainer("f:args"),
      ["--port", "80", "-v"],
      '"80"]',
      '"80", "-v"]',
    ],
    ["an item that is gone in brackets", inContainer("f:args"), ["80"], '"--port", "80"', '"80"'],
    [
      "the last item that is gone in brackets",
      inContainer("f:args"),
      ["--port"],
      '"--port", "80"',
      '"--port"',
    ],
    ["all items gone in brackets", inContainer("f:args"), [], '["--port", "80"]', "[]"],
    [
      "a port by its key, whose protocol the file leaves out",
      inContainer("f:ports", 'k:{"containerPort":80,"protocol":"TCP"}', "f:name"),
      "web",
      "name: http",
      "name: web",
    ],
    [
      "the only port, gone",
      inContainer("f:ports", 'k:{"containerPort":80,"protocol":"TCP"}', "."),
      undefined,
      "ports:\n            - containerPort: 80\n              name: http",
      "ports: []",
    ],
    [
      "a list that is new",
      inContainer("f:command"),
      ["sh", "-c"],
      "cpu: 100m\n",
      "cpu: 100m\n          command:\n            - sh\n            - -c\n",
    ],
    [
      "a map within maps that is new",
      spec("f:strategy", "f:rollingUpdate", "f:maxSurge"),
      "25%",
      "side:2\n",
      "side:2\n  strategy:\n    rollingUpdate:\n      maxSurge: 25%\n",
    ],
    ["a boolean that is new", spec("f:paused"), true, "side:2\n", "side:2\n  paused: true\n"],
    [
      "a container that is gone",
      ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"side"}', "."],
      undefined,
      "        - name: side\n          image: ghcr.io/acme/side:2\n",
      "",
    ],
    ["what the file says already", spec("f:replicas"), 3, "replicas: 3", "replicas: 3"],
    ["a field that is gone and was never there", spec("f:paused"), undefined, "replicas: 3", "replicas: 3"],
  ];

describe("a live value is written where the old one stands, and no other byte changes", () => {
  test.each(cases)("%s", (...row) => {
    const [, steps, value, old, now] = row;
    const wanted = deployment.replace(old, () => now);
    expect(adopt(deployment, { steps, value })).toBe(wanted);
    const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
    expect(adopt(crlf(deployment), { steps, value })).toBe(crlf(wanted));
  });
});

test("fields that belong together come one by one", () => {
  const added = 'k:{"name":"extra"}';
  const at = (step: string): string[] => ["f:spec", "f:template", "f:spec", "f:containers", added, step];
  const text = adopt(
    deployment,
    { steps: at("."), value: "(present)" },
    { steps: at("f:image"), value: "busybox:1" },
    { steps: at("f:name"), value: "extra" },
    { steps: spec("f:replicas"), value: 4 },
  );
  expect(text).toBe(
    deployment
      .replace("side:2\n", "side:2\n        - name: extra\n          image: busybox:1\n")
      .replace("replicas: 3 # as", "replicas: 4 # as"),
  );
});
