import { describe, expect, test } from "vitest";
import {
  annotationProblems,
  marksOf,
  pausePeriodMs,
  restartsOnly,
  wants,
  wishOf,
} from "../../src/rollout/reload-annotations.ts";
import type { ConfigKind } from "../../src/rollout/reload-references.ts";

type Annotations = Readonly<Record<string, string>>;

/** One case: a workload that uses the ConfigMap `settings` and the Secret `db`, and not `extra` of either kind. */
interface Case {
  readonly says: string;
  readonly workload?: Annotations;
  readonly template?: Annotations;
  /** On every ConfigMap and Secret. */
  readonly object?: Annotations;
  /** Changes that roll it. */
  readonly rolls: readonly string[];
}

const r = "reloader.stakater.com";
const used = ["ConfigMap/settings", "Secret/db"];

/** What Reloader documents, with what comes of each here. Differences are told in docs/reload.md. */
const documented: readonly Case[] = [
  { says: "without an annotation nothing rolls", rolls: [] },
  { says: "ours", workload: { "lockkeeper.dev/reload": "auto" }, rolls: used },
  { says: "auto", workload: { [`${r}/auto`]: "true" }, rolls: used },
  { says: "auto in other words of a truth", workload: { [`${r}/auto`]: "1" }, rolls: used },
  { says: "auto that is false", workload: { [`${r}/auto`]: "false" }, rolls: [] },
  { says: "auto of another word is false", workload: { [`${r}/auto`]: "yes" }, rolls: [] },
  { says: "auto of Secrets", workload: { [`secret.${r}/auto`]: "true" }, rolls: ["Secret/db"] },
  {
    says: "auto of ConfigMaps",
    workload: { [`configmap.${r}/auto`]: "true" },
    rolls: ["ConfigMap/settings"],
  },
  {
    says: "both of the typed",
    workload: { [`configmap.${r}/auto`]: "true", [`secret.${r}/auto`]: "true" },
    rolls: used,
  },
  {
    says: "one true of auto and typed auto is enough",
    workload: { [`${r}/auto`]: "false", [`secret.${r}/auto`]: "true" },
    rolls: ["Secret/db"],
  },
  { says: "a named Secret", workload: { [`secret.${r}/reload`]: "db" }, rolls: ["Secret/db"] },
  {
    says: "a named ConfigMap",
    workload: { [`configmap.${r}/reload`]: "settings" },
    rolls: ["ConfigMap/settings"],
  },
  {
    says: "a named one that the template does not use",
    workload: { [`configmap.${r}/reload`]: "extra" },
    rolls: ["ConfigMap/extra"],
  },
  {
    says: "several names, with spaces",
    workload: { [`configmap.${r}/reload`]: "settings, extra" },
    rolls: ["ConfigMap/settings", "ConfigMap/extra"],
  },
  { says: "a name is matched whole", workload: { [`configmap.${r}/reload`]: "setting" }, rolls: [] },
  {
    says: "names are patterns",
    workload: { [`secret.${r}/reload`]: "d.*,ext.a" },
    rolls: ["Secret/db", "Secret/extra"],
  },
  {
    says: "an alternative in a pattern is matched whole, too",
    workload: { [`secret.${r}/reload`]: "d|db" },
    rolls: ["Secret/db"],
  },
  {
    says: "a pattern that is none is left out, the others stay",
    workload: { [`secret.${r}/reload`]: "(,db" },
    rolls: ["Secret/db"],
  },
  { says: "an empty list names nothing", workload: { [`secret.${r}/reload`]: "" }, rolls: [] },
  {
    says: "named of one kind, auto of the other",
    workload: { [`secret.${r}/reload`]: "extra", [`configmap.${r}/auto`]: "true" },
    rolls: ["ConfigMap/settings", "Secret/extra"],
  },
  {
    says: "auto and a name that is not used",
    workload: { [`${r}/auto`]: "true", [`configmap.${r}/reload`]: "extra" },
    rolls: [...used, "ConfigMap/extra"],
  },
  { says: "search without a match", workload: { [`${r}/search`]: "true" }, rolls: [] },
  { says: "match without a search", object: { [`${r}/match`]: "true" }, rolls: [] },
  {
    says: "search and match, of what is used alone",
    workload: { [`${r}/search`]: "true" },
    object: { [`${r}/match`]: "true" },
    rolls: used,
  },
  {
    says: "search takes the word true alone",
    workload: { [`${r}/search`]: "1" },
    object: { [`${r}/match`]: "true" },
    rolls: [],
  },
  {
    says: "match takes the word true alone",
    workload: { [`${r}/search`]: "true" },
    object: { [`${r}/match`]: "false" },
    rolls: [],
  },
  {
    says: "auto goes before search",
    workload: { [`${r}/auto`]: "true", [`${r}/search`]: "true" },
    rolls: used,
  },
  {
    says: "ignore on the object",
    workload: { [`${r}/auto`]: "true" },
    object: { [`${r}/ignore`]: "true" },
    rolls: [],
  },
  {
    says: "ignore goes before a name",
    workload: { [`secret.${r}/reload`]: "db" },
    object: { [`${r}/ignore`]: "true" },
    rolls: [],
  },
  {
    says: "ignore that is not true",
    workload: { [`${r}/auto`]: "true" },
    object: { [`${r}/ignore`]: "false" },
    rolls: used,
  },
  {
    says: "excluded Secrets",
    workload: { [`${r}/auto`]: "true", [`secrets.exclude.${r}/reload`]: "other, db" },
    rolls: ["ConfigMap/settings"],
  },
  {
    says: "excluded ConfigMaps",
    workload: { [`${r}/auto`]: "true", [`configmaps.exclude.${r}/reload`]: "settings" },
    rolls: ["Secret/db"],
  },
  {
    says: "what is excluded is a name and no pattern",
    workload: { [`${r}/auto`]: "true", [`secrets.exclude.${r}/reload`]: "d.*" },
    rolls: used,
  },
  {
    says: "excluded goes before named",
    workload: { [`secret.${r}/reload`]: "db", [`secrets.exclude.${r}/reload`]: "db" },
    rolls: [],
  },
  { says: "on the pod template", template: { [`${r}/auto`]: "true" }, rolls: used },
  {
    says: "the workload goes before its template",
    workload: { [`${r}/auto`]: "false" },
    template: { [`${r}/auto`]: "true" },
    rolls: [],
  },
  {
    says: "a name of one kind on the workload leaves the other kind to the template",
    workload: { [`secret.${r}/reload`]: "extra" },
    template: { [`configmap.${r}/auto`]: "true" },
    rolls: ["ConfigMap/settings", "Secret/extra"],
  },
  {
    says: "ours switches off whatever else it says",
    workload: { "lockkeeper.dev/reload": "off", [`${r}/auto`]: "true" },
    template: { [`${r}/auto`]: "true" },
    rolls: [],
  },
  {
    says: "ours on the object",
    workload: { "lockkeeper.dev/reload": "auto" },
    object: { "lockkeeper.dev/reload": "off" },
    rolls: [],
  },
];

const objects = ["ConfigMap/settings", "ConfigMap/extra", "Secret/db", "Secret/extra"];

describe("the annotations of Reloader, as it documents them", () => {
  test.each(documented)("$says", ({ workload = {}, template = {}, object = {}, rolls }) => {
    const rolled = objects.filter((text) => {
      const [kind = "", name = ""] = text.split("/");
      const wish = wishOf(kind as ConfigKind, workload, template);
      return wants(wish, name, used.includes(text), marksOf(object));
    });
    expect(rolled.toSorted()).toEqual(rolls.toSorted());
  });

  test.each([
    ["auto", { [`secretproviderclass.${r}/auto`]: "true" }, ["vault"]],
    ["auto of everything", { [`${r}/auto`]: "true" }, ["vault"]],
    ["named", { [`secretproviderclass.${r}/reload`]: "oth.r" }, ["other"]],
    ["excluded", { [`${r}/auto`]: "true", [`secretproviderclasses.exclude.${r}/reload`]: "vault" }, []],
    ["of another kind", { [`secret.${r}/auto`]: "true" }, []],
  ])("classes of the secret store: %s", (_, workload, rolls) => {
    const wish = wishOf("SecretProviderClass", workload, {});
    const rolled = ["vault", "other"].filter((name) => wants(wish, name, name === "vault", marksOf({})));
    expect(rolled).toEqual(rolls);
  });

  test.each([
    ["Deployment", "5m", 300_000],
    ["Deployment", "1h30m", 5_400_000],
    ["Deployment", "1.5s", 1500],
    ["Deployment", "0s", null],
    ["Deployment", "-5m", null],
    ["Deployment", "5", null],
    ["StatefulSet", "5m", null],
  ])("pause-period of a %s: %s", (kind, said, milliseconds) => {
    expect(pausePeriodMs(kind, { [`deployment.${r}/pause-period`]: said })).toBe(milliseconds);
  });

  test.each([
    ["Rollout", "restart", true],
    ["Rollout", "rollout", false],
    ["Deployment", "restart", false],
  ])("rollout-strategy of a %s: %s", (kind, said, restarts) => {
    expect(restartsOnly(kind, { [`${r}/rollout-strategy`]: said })).toBe(restarts);
  });

  test("what is not understood is told", () => {
    const workload = {
      "lockkeeper.dev/reload": "yes",
      [`secret.${r}/reload`]: "db,(",
      [`deployment.${r}/pause-period`]: "soon",
    };
    expect(annotationProblems(workload, {})).toEqual([
      "lockkeeper.dev/reload must be auto or off",
      '"(" is no regular expression',
      `deployment.${r}/pause-period must be like 5m or 1h30m`,
    ]);
    expect(annotationProblems({ "lockkeeper.dev/reload": "auto" }, {})).toEqual([]);
  });
});
