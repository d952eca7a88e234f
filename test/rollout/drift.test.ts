import { describe, expect, test } from "vitest";
import { type KubernetesObject, resourceId } from "../../src/model/resource.ts";
import { additionsText } from "../../src/rollout/additions.ts";
import { type ObjectDrift, driftedValues, explainAdditions, explainDrift } from "../../src/rollout/drift.ts";
import { findingsOf, isNamedBy } from "../../src/rollout/drift-findings.ts";
import { hidingMarker, readHiding, readRecord, recordMarker } from "../../src/rollout/drift-record.ts";
import { type DriftState, driftBody, driftTitle } from "../../src/rollout/drift-report.ts";
import { ignoredFields } from "../../src/rollout/ignored-fields.ts";
import { calmsInMs, healsInMs } from "../../src/rollout/repeats.ts";
import { shownValue } from "../../src/rollout/mask.ts";
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
        steps: ["f:spec", "f:replicas"],
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

describe("what people add by hand", () => {
  const by = (manager: string, body: object, more: object = {}): KubernetesObject => {
    const update = entry(manager, body, { operation: "Update", time: "2026-01-02T14:02:33Z", ...more });
    return { ...deployment(deploymentBody, [entry("lockkeeper", deploymentBody), update]), ...more };
  };
  const noted = { metadata: { annotations: { note: "mine" } } };
  const withNote = (live: KubernetesObject): KubernetesObject =>
    changed(live, ["metadata", "annotations"], { note: "mine", "kubectl.kubernetes.io/restartedAt": "now" });

  test.each([
    "kubectl",
    "kubectl-edit",
    "kubectl-client-side-apply",
    "k9s",
    "Lens",
    "OpenLens",
    "Mozilla",
    "node-fetch",
  ])("is told of when %s wrote it", (manager) => {
    const live = withNote(by(manager, noted));
    expect(explainAdditions(id, wanted, live, [])).toMatchObject([
      { path: "metadata.annotations.note", wanted: null, live: "mine", writer: { manager, probable: false } },
    ]);
    expect(additionsText(live, [])).toBe("metadata.annotations.note");
    expect(explainAdditions(id, wanted, live, ["metadata.annotations"])).toEqual([]);
  });

  test.each(["kube-controller-manager", "kyverno", "lockkeeper-reload", "helm", "kubectlish", "nodefetch"])(
    "%s is nobody's hand",
    (manager) => expect(explainAdditions(id, wanted, withNote(by(manager, noted)), [])).toEqual([]),
  );

  test("what Git names, restarts, and the status are none", () => {
    const restart = { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } };
    expect(explainAdditions(id, wanted, withNote(by("kubectl-rollout", restart)), [])).toEqual([]);
    expect(explainAdditions(id, wanted, withNote(by("kubectl-edit", { spec: { replicas: 7 } })), [])).toEqual(
      [],
    );
    const status = entry(
      "kubectl-edit",
      { status: { replicas: 1 } },
      { operation: "Update", subresource: "status" },
    );
    const live = {
      ...deployment(deploymentBody, [entry("lockkeeper", deploymentBody), status]),
      status: { replicas: 1 },
    };
    expect(explainAdditions(id, wanted, live, [])).toEqual([]);
  });

  test("an item of a list that is new as a whole is one finding, and each of its fields for Git", () => {
    const side = { name: "side", image: "side:1" };
    const live = changed(
      by("kubectl-edit", { spec: { template: { spec: { containers: [side] } } } }),
      ["spec", "template", "spec", "containers", 1],
      side,
    );
    const path = "spec.template.spec.containers[name=side]";
    expect(explainAdditions(id, wanted, live, []).map((field) => field.path)).toEqual([path]);
    expect(driftedValues(wanted, live, []).map((field) => [field.path, field.value])).toEqual([
      [`${path}.name`, "side"],
      [`${path}.image`, "side:1"],
    ]);
  });
});

describe("the issue", () => {
  const webUrl = "https://github.example/acme/gitops";
  const subject = { name: "web-production", sha: "1234567890", webUrl, owners: ["acme/sre"] };
  const state = (...drifts: readonly ObjectDrift[]): DriftState => ({
    findings: findingsOf(drifts),
    hidden: null,
    flapping: [],
    givenUp: [],
  });
  const record = { app: "abc", path: "apps/web", keys: ["k"], flapping: [], owners: ["acme/sre"] };

  test("its title tells what happened", () => {
    const drift = of(edited(["spec", "replicas"], 7));
    expect(driftTitle(subject, state(drift))).toBe(
      "web-production: replicas 3 -> 7 by kubectl-edit, last write 14:02 UTC",
    );
    expect(driftTitle(subject, state(drift, drift))).toMatch(/UTC, and 1 more$/);
    expect(driftTitle(subject, state({ ...drift, class: "deleted", fields: [] }))).toBe(
      "web-production: Deployment/web was deleted",
    );
  });

  test("many objects that one manager wrote within one minute are one line", () => {
    const drift = of(edited(["spec", "replicas"], 7, "kyverno"));
    const many = Array.from({ length: 12 }, (_, index) => ({
      ...drift,
      id: { ...id, name: `web-${index}` },
    }));
    expect(driftTitle(subject, state(...many))).toBe(
      "web-production: 12 objects: spec.replicas by kyverno at 14:02 UTC",
    );
    const body = driftBody(subject, state(...many), "");
    expect(body).toContain("| 12 objects | `spec.replicas` | `3` | `7` |");
    expect(body).toContain("- `Deployment/web-11` (");
  });

  test("its body links to the line in Git, mentions owners once, and is found again by its marker", () => {
    const drift = of(edited(["spec", "replicas"], 7));
    const fields = drift.fields.map((field) => ({ ...field, line: 15 }));
    const body = driftBody(subject, state({ ...drift, fields }), recordMarker(record));
    expect(body).toContain("| `Deployment/web` | `spec.replicas` | `3` | `7` | `kubectl-edit` (Update, last");
    expect(body).toContain(`[\`apps/web.yaml:15\`](${webUrl}/blob/1234567890/apps/web.yaml#L15)`);
    expect(body.match(/@/g)).toEqual(["@"]);
    expect(body).toContain("@acme/sre");
    expect(readRecord(body)).toEqual(record);
  });

  test("a manager's name cannot mention anybody or break the table", () => {
    const wild = of(edited(["spec", "replicas"], 7, "@acme/sre | <!-- lockkeeper:drift {} -->"));
    const body = driftBody({ ...subject, owners: [] }, state(wild), recordMarker(record));
    expect(body).toMatch(/`@acme\/sre \\\| <! -- lockkeeper:drift \{\} -->`/);
    expect(readRecord(body)).toEqual(record);
  });

  test("hidden findings count only as the App has sealed them", () => {
    const seal = (text: string): string => `sealed ${text.length}`;
    const hiding = { until: "2026-01-02T15:00:00.000Z", by: "grace", keys: ["k"] };
    const marker = hidingMarker(hiding, seal);
    expect(readHiding(marker, seal)).toEqual(hiding);
    expect(readHiding(marker, () => "another")).toBeNull();
    expect(readHiding(marker.replace("2026", "20260"), seal)).toBeNull();
    const text = driftBody(subject, { ...state(), hidden: { ...hiding, count: 2 } }, "");
    expect(text).toContain("Hidden until 2026-01-02 15:00 UTC by `grace`: 2 findings.");
  });
});

describe("what happens again and again", () => {
  const minute = 60_000;
  test("is healed at once, after one minute, after two, and then not any more", () => {
    expect(healsInMs(undefined, 0)).toBe(0);
    expect(healsInMs([0], 10_000)).toBe(50_000);
    expect(healsInMs([0, minute], 2 * minute)).toBe(minute);
    expect(healsInMs([0, minute, 3 * minute], 50 * minute)).toBeNull();
    expect(calmsInMs([0, minute, 3 * minute], 50 * minute)).toBe(10 * minute);
    expect(healsInMs([0, minute, 3 * minute], 61 * minute)).toBe(0);
  });
});

describe("an object as people type it", () => {
  test.each([
    ["Deployment/web", true],
    ["deployment/web", true],
    ["Deployment.apps/web", true],
    ["Deployment/web/web", true],
    ["Deployment/other/web", false],
    ["StatefulSet/web", false],
    ["web", false],
    ["Deployment/", false],
  ])("%s", (typed, expected) => expect(isNamedBy(id, typed)).toBe(expected));
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
