import { describe, expect, test } from "vitest";
import { type KubernetesObject, resourceId } from "../../src/model/resource.ts";
import { type ObjectDrift, explainDrift } from "../../src/rollout/drift.ts";
import { driftBody, driftTitle } from "../../src/rollout/drift-report.ts";
import { ignoredFields } from "../../src/rollout/ignored-fields.ts";
import { shownValue } from "../../src/rollout/mask.ts";
import { readMarker } from "../../src/text/marker.ts";
import { changed, deployment, deploymentBody, entry } from "./objects.ts";

const wanted = deployment();
const id = resourceId(wanted);
const container = ["spec", "template", "spec", "containers", 0];

/** Live after somebody wrote `value` at a path: they own it now, as the API server records it. */
function edited(path: readonly (string | number)[], value: unknown, by = "kubectl-edit"): KubernetesObject {
  const body: object = { spec: { replicas: 7 } };
  const update = entry(by, body, { operation: "Update", time: "2026-01-02T14:02:33Z" });
  return changed(deployment(deploymentBody, [entry("lockkeeper", {}), update]), path, value);
}

describe("explaining drift", () => {
  test("names the field, both values, the manager and the time", () => {
    expect(explainDrift(id, wanted, edited(["spec", "replicas"], 7), [])).toEqual([
      {
        path: "spec.replicas",
        wanted: "3",
        live: "7",
        writer: {
          manager: "kubectl-edit",
          operation: "Update",
          subresource: undefined,
          time: "2026-01-02T14:02:33Z",
          probable: false,
        },
      },
    ]);
  });

  test("a removed field has no live value and at most a probable writer", () => {
    const live = edited([...container, "image"], undefined);
    expect(explainDrift(id, wanted, live, [])).toMatchObject([
      {
        path: "spec.template.spec.containers[name=web].image",
        wanted: "web:1",
        live: null,
        writer: { probable: true },
      },
    ]);
  });

  test("a change that nobody is on record for says so", () => {
    const live = changed(deployment(), ["spec", "replicas"], 7);
    expect(explainDrift(id, wanted, live, [])).toMatchObject([{ path: "spec.replicas", writer: null }]);
  });

  test("lost ownership with equal values is no difference", () => {
    const live = deployment(deploymentBody, [entry("kubectl", deploymentBody)]);
    expect(explainDrift(id, wanted, live, [])).toEqual([]);
  });

  test("what an autoscaler writes is not drift", () => {
    const scaler: KubernetesObject = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: "web" },
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" } },
    };
    const ignored = ignoredFields(wanted, [wanted, scaler]);
    expect(explainDrift(id, wanted, edited(["spec", "replicas"], 7), ignored)).toEqual([]);
    expect(ignoredFields(wanted, [wanted])).not.toContain("spec.replicas");
  });
});

const of = (live: KubernetesObject): ObjectDrift => ({
  id,
  file: "apps/web.yaml",
  line: 12,
  class: "modified",
  fields: explainDrift(id, wanted, live, []),
});

describe("the issue", () => {
  const subject = { app: "abc", name: "web-production", path: "apps/web", sha: "1234567890" };

  test("its title tells what happened", () => {
    const drift = of(edited(["spec", "replicas"], 7));
    expect(driftTitle(subject, [drift])).toBe(
      "web-production: Deployment web replicas 3 -> 7 by kubectl-edit, last write 14:02 UTC",
    );
    expect(driftTitle(subject, [drift, drift])).toMatch(/UTC, and 1 more$/);
    expect(driftTitle(subject, [{ ...drift, class: "deleted", fields: [] }])).toBe(
      "web-production: Deployment web was deleted",
    );
  });

  test("its body says where Git says so, and is found again by its marker", () => {
    const body = driftBody(subject, [of(edited(["spec", "replicas"], 7))]);
    expect(body).toContain(
      "| `Deployment.apps web/web` | `spec.replicas` | `3` | `7` | `kubectl-edit` (Update) at 2026",
    );
    expect(body).toContain("apps/web.yaml:12");
    expect(readMarker(body, "drift")).toEqual({ app: "abc", path: "apps/web" });
  });

  test("a manager's name cannot mention anybody or break the table", () => {
    const body = driftBody(subject, [
      of(edited(["spec", "replicas"], 7, "@acme/sre | <!-- lockkeeper:drift {} -->")),
    ]);
    expect(body).toMatch(/`@acme\/sre \\\| <! -- lockkeeper:drift \{\} -->`/);
    expect(readMarker(body, "drift")).toEqual({ app: "abc", path: "apps/web" });
  });
});

describe("values that are not shown", () => {
  const secret = { group: "", kind: "Secret", name: "s" };
  const cases: readonly [string, { group: string; kind: string; name: string }, string, unknown][] = [
    ["data of a Secret", secret, "data.key", "canary"],
    ["all data of a Secret", secret, "data", { key: "canary" }],
    ["an annotation of a Secret", secret, "metadata.annotations.note", "canary"],
    [
      "an env with a telling name",
      id,
      "spec.template.spec.containers[name=web].env[name=DB_PASSWORD].value",
      "canary",
    ],
    ["the same in a list owned whole", id, "spec.env", [{ name: "API_TOKEN", value: "canary" }]],
    ["a telling key", id, "data.password", "canary"],
    ["a telling dotted key", id, 'data["db.password"]', "canary"],
    [
      "what kubectl applied last",
      id,
      'metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
      "canary",
    ],
    ["a password in a URL", id, "spec.url", "https://user:canary@host/"],
    ["deep below a whole value", id, "spec", { a: { b: [{ clientSecret: "canary" }] } }],
  ];
  test.each(cases)("%s", (_, of, path, value) => {
    expect(shownValue(of, path, value)).toContain("(hidden)");
    expect(shownValue(of, path, value)).not.toContain("canary");
  });

  test.each([
    "spec.replicas",
    "spec.volumes[name=tls].secret.secretName",
    "spec.containers[name=token-proxy].image",
  ])("but %s is", (path) => {
    expect(shownValue(id, path, "plain")).toBe("plain");
  });
});
