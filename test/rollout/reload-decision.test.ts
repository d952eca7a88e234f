import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../src/model/resource.ts";
import { type Contents, contentsOf, keyIdOf } from "../../src/rollout/reload-contents.ts";
import {
  type Situation,
  decide,
  differenceText,
  rollsToKeep,
  waitingFor,
} from "../../src/rollout/reload-decision.ts";
import {
  type Observed,
  changesBetween,
  heldNow,
  readObserved,
  writeObserved,
} from "../../src/rollout/reload-observed.ts";
import type { Reference } from "../../src/rollout/reload-references.ts";
import { changesText } from "../../src/rollout/reload-report.ts";
import { isReloader } from "../../src/rollout/reloader-presence.ts";

const object = (kind: string, body: object): KubernetesObject =>
  ({ apiVersion: "v1", kind, ...body }) as unknown as KubernetesObject;

const now = Date.parse("2026-12-01T12:00:00Z");
const minute = 60_000;
const ago = (minutes: number): string => new Date(now - minutes * minute).toISOString();
const record = (more: Partial<Observed> = {}): Observed => ({
  key: "k",
  template: "t",
  objects: { "Secret/db": { a: "1" } },
  rolled: [],
  ...more,
});
const changed = record({ objects: { "Secret/db": { a: "2" } } });

function situation(more: Partial<Situation> = {}): Situation {
  return {
    now,
    before: record(),
    after: changed,
    changes: [{ object: "Secret/db", keys: ["a"] }],
    waiting: { what: "", since: now - 20_000, last: now - 10_000 },
    pauseMs: null,
    busy: false,
    rolledSince: false,
    onlyLook: false,
    fixed: false,
    ...more,
  };
}

describe("what is done about a workload", () => {
  const often = record({ rolled: [ago(59), ago(30), ago(1)] });
  test.each<[string, Partial<Situation>, object]>([
    ["its configuration changed, and is quiet", {}, { do: "roll" }],
    ["it is seen first", { before: null }, { do: "record" }],
    ["the key was lost", { before: record({ key: "other" }) }, { do: "record" }],
    ["nothing is different", { after: record(), changes: [] }, { do: "nothing" }],
    ["only its template is", { after: record({ template: "u" }), changes: [] }, { do: "record" }],
    ["it changed just now", { waiting: { what: "", since: now, last: now } }, { do: "wait", seconds: 10 }],
    [
      "it keeps changing",
      { waiting: { what: "", since: now - 55_000, last: now } },
      { do: "wait", seconds: 5 },
    ],
    ["it never stops changing", { waiting: { what: "", since: now - minute, last: now } }, { do: "roll" }],
    ["it gathers changes", { pauseMs: 5 * minute }, { do: "wait", seconds: 280 }],
    ["it has gathered them", { pauseMs: 20_000 }, { do: "roll" }],
    ["its app is on its way", { busy: true }, { do: "wait", seconds: 5 }],
    ["somebody rolled it since", { rolledSince: true }, { do: "record" }],
    ["Reloader does it", { onlyLook: true }, { do: "record" }],
    ["it cannot be rolled", { fixed: true }, { do: "tell" }],
    ["it was rolled three times this hour", { before: often }, { do: "flapping", seconds: 60 }],
    [
      "the first of three is an hour ago",
      { before: record({ rolled: [ago(60), ago(30), ago(1)] }) },
      { do: "roll" },
    ],
    [
      "times of a wrong clock do not hold it",
      { before: record({ rolled: [ago(-99), ago(-98), ago(-97)] }) },
      { do: "roll" },
    ],
  ])("%s", (_, more, wanted) => {
    expect(decide(situation(more))).toEqual(wanted);
  });

  test("however it is changed, it rolls at most three times in any hour, and ends in its last state", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(steps, (gaps) => {
        const rolls: number[] = [];
        let [time, value, running, rolled] = [now, 0, 0, [] as readonly string[]];
        let waiting: Situation["waiting"] | undefined;
        const look = (): void => {
          const objects = (of: number) => ({ "Secret/db": { a: String(of) } });
          const before = record({ objects: objects(running), rolled });
          const after = record({ objects: objects(value), rolled: rollsToKeep(before, time) });
          const changes = value === running ? [] : situation().changes;
          waiting = waitingFor(waiting, differenceText(after.objects), time);
          const decision = decide(situation({ now: time, before, after, changes, waiting }));
          if (decision.do === "nothing") waiting = undefined;
          if (decision.do !== "roll") return;
          [running, rolled, waiting] = [value, [...after.rolled, new Date(time).toISOString()], undefined];
          rolls.push(time);
        };
        for (const gap of gaps) {
          value += 1;
          look();
          time += gap * 1000;
          look();
        }
        for (let looks = 0; looks < 150; looks += 1, time += minute) look();
        expect(running).toBe(value);
        for (const [index, at] of rolls.entries()) {
          const third = rolls[index - 3];
          if (third !== undefined) expect(at - third).toBeGreaterThanOrEqual(60 * minute);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("the record of a workload", () => {
  const key = new Uint8Array(32).fill(7);
  const secret = (data: Readonly<Record<string, string>>): KubernetesObject =>
    object("Secret", { metadata: { name: "db", namespace: "web", resourceVersion: "5" }, data });
  const contents = (data: Readonly<Record<string, string>>): ReadonlyMap<string, Contents> =>
    new Map([["Secret/db", contentsOf(key, secret(data))]]);
  const whole: Reference = { kind: "Secret", name: "db", keys: null };
  const named = (...keys: readonly string[]): Reference => ({
    kind: "Secret",
    name: "db",
    keys: new Map(keys.map((name) => [name.replace("?", ""), name.endsWith("?")])),
  });
  const none = new Map<string, Contents>();
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`key-${index}`, "a"]));

  type Uses = readonly [reference: Reference, data: object | null];
  test.each<[string, Uses, Uses, readonly string[] | null]>([
    ["the same", [whole, { a: "1" }], [whole, { a: "1" }], null],
    ["another value", [whole, { a: "1", b: "1" }], [whole, { a: "2", b: "1" }], ["a"]],
    ["a key more and a key less", [whole, { a: "1" }], [whole, { b: "1" }], ["a", "b"]],
    [
      "a key of another name than any record has",
      [whole, {}],
      [whole, { constructor: "1" }],
      ["constructor"],
    ],
    ["a key that is not named", [named("a"), { a: "1", b: "1" }], [named("a"), { a: "1", b: "2" }], null],
    ["a key that is named", [named("a"), { a: "1" }], [named("a"), { a: "2" }], ["a"]],
    ["a named key that is gone", [named("a"), { a: "1" }], [named("a"), {}], null],
    ["a named key that may be gone", [named("a?"), { a: "1" }], [named("a?"), {}], ["a"]],
    ["a named key that was missing", [named("a"), {}], [named("a"), { a: "1" }], null],
    ["a named key that may have been missing", [named("a?"), {}], [named("a?"), { a: "1" }], ["a"]],
    ["an object that is gone", [whole, { a: "1" }], [whole, null], null],
    ["an object that is new", [whole, null], [whole, { a: "1" }], null],
    [
      "a key that is used anew",
      [named("a"), { a: "1", b: "1" }],
      [named("a", "b"), { a: "1", b: "2" }],
      null,
    ],
    ["the whole, used anew", [named("a"), { a: "1" }], [whole, { a: "2" }], null],
    ["very many keys", [whole, many], [whole, { ...many, "key-5": "b" }], []],
    ["very many keys, the same", [whole, many], [whole, many], null],
  ])("%s", (_, [before, dataBefore], [after, dataAfter], keys) => {
    const data = (of: object | null) => (of === null ? none : contents(of as Record<string, string>));
    const first = heldNow([before], data(dataBefore), {});
    const read = readObserved(writeObserved(record({ objects: first })))?.objects ?? {};
    const second = heldNow([after], data(dataAfter), read);
    const changes = changesBetween(read, second, data(dataAfter));
    expect(changes).toEqual(keys === null ? [] : [{ object: "Secret/db", keys }]);
  });

  test("what was gone is compared with what it was before", () => {
    const first = heldNow([whole], contents({ a: "1" }), {});
    const gone = heldNow([whole], none, first);
    expect(gone).toEqual(first);
    expect(changesBetween(gone, heldNow([whole], contents({ a: "1" }), gone), contents({}))).toEqual([]);
    expect(changesBetween(gone, heldNow([whole], contents({ a: "2" }), gone), contents({}))).toHaveLength(1);
  });

  test("equal values in two keys, or under another key of hashes, do not look equal", () => {
    const { digests } = contentsOf(key, secret({ a: "1", b: "1" }));
    expect(digests["a"]).not.toBe(digests["b"]);
    const other = new Uint8Array(32).fill(8);
    expect(contentsOf(other, secret({ a: "1" })).digests["a"]).not.toBe(digests["a"]);
    expect(keyIdOf(other)).not.toBe(keyIdOf(key));
  });

  test.each([
    null,
    "",
    "x",
    "{}",
    "[]",
    '{"key":"k","template":"t","objects":[]}',
    '{"key":"k","template":"t","objects":{"a":1}}',
  ])("a record that we did not write is none: %s", (text) => expect(readObserved(text)).toBeNull());

  test("is told by names, and not by all of many", () => {
    const keys = ["a", "b", "c", "d", "e", "f", "g"];
    const text = changesText([
      { object: "Secret/db", keys },
      { object: "ConfigMap/settings", keys: [] },
    ]);
    expect(text).toBe("Secret db (a, b, c, d, e and 2 more); ConfigMap settings");
  });
});

describe("Reloader is known", () => {
  const deployment = (image: string, labels: object = {}, replicas = 1): KubernetesObject =>
    object("Deployment", {
      metadata: { name: "x", labels: labels as Record<string, string> },
      spec: { replicas, template: { spec: { containers: [{ name: "x", image }] } } },
    });
  test.each([
    ["by its image", deployment("ghcr.io/stakater/reloader:v1.4.21"), true],
    ["by its image from a mirror", deployment("mirror.example/stakater/reloader@sha256:00"), true],
    ["by the label of its manifests", deployment("x", { app: "reloader-reloader" }), true],
    ["by its chart", deployment("x", { "helm.sh/chart": "reloader-2.2.16" }), true],
    ["not when it is scaled to none", deployment("stakater/reloader:v1", {}, 0), false],
    ["not by a name that is like it", deployment("acme/reloader:1", { app: "reloader" }), false],
    ["not by a longer name", deployment("ghcr.io/stakater/reloader-docs:1"), false],
  ])("%s", (_, given, is) => {
    expect(isReloader(given)).toBe(is);
  });
});
