import { expect, test } from "vitest";
import { duplicateItem } from "../../src/rollout/duplicate-items.ts";

const of = (kind: string, spec: object, apiVersion = "v1") =>
  duplicateItem({ apiVersion, kind, metadata: { name: "x" }, spec });

const tcp = { port: 80, protocol: "TCP" };
const policyPorts = { ingress: [{ ports: [tcp, tcp] }] };

test.each([
  [
    "containers",
    of("Pod", { containers: [{ name: "a" }, { name: "a" }] }),
    'spec.containers has two items with name "a"',
  ],
  [
    "variables",
    of("Pod", { containers: [{ name: "a", env: [{ name: "A", value: "s3cret" }, { name: "A" }] }] }),
    'spec.containers[0].env has two items with name "A"',
  ],
  [
    "ports of a container",
    of("Pod", {
      containers: [
        {
          ports: [
            { containerPort: 1, protocol: "TCP" },
            { containerPort: 1, protocol: "TCP" },
          ],
        },
      ],
    }),
    'spec.containers[0].ports has two items with containerPort 1 and protocol "TCP"',
  ],
  [
    "ports of a Service",
    of("Service", { ports: [tcp, tcp] }),
    'spec.ports has two items with port 80 and protocol "TCP"',
  ],
])("two %s of one key are found, and told without their values", (_, found, expected) => {
  expect(found).toBe(expected);
});

test.each([
  ["other protocols", of("Service", { ports: [tcp, { ...tcp, protocol: "UDP" }] })],
  ["ports of a policy", of("NetworkPolicy", policyPorts, "networking.k8s.io/v1")],
  ["a custom kind", of("Thing", { env: [{ name: "A" }, { name: "A" }] }, "acme.dev/v1")],
])("no two of one key: %s", (_, found) => {
  expect(found).toBeNull();
});
