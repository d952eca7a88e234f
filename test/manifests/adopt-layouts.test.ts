import { describe, expect, test } from "vitest";
import { type ObjectName, adoptFields } from "../../src/manifests/adopt-fields.ts";
import type { LiveField } from "../../src/manifests/live-field.ts";

const settings = { apiVersion: "v1", kind: "ConfigMap", namespace: "web", name: "settings" };
const head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n";
const data = (key: string): string[] => ["f:data", `f:${key}`];

/** Whole files: what stands there, the field, and what stands there afterwards or why nothing can. */
const files: readonly (readonly [
  what: string,
  object: ObjectName,
  before: string,
  field: LiveField,
  after: string,
])[] = [
  [
    "a block of lines",
    settings,
    `${head}data:\n  a: |\n    one\n    two\n  b: x\n`,
    { steps: data("a"), value: "one\n\nthree\n" },
    `${head}data:\n  a: |\n    one\n\n    three\n  b: x\n`,
  ],
  [
    "a block of lines at the end of a file",
    settings,
    `${head}data:\n  a: |-\n    one`,
    { steps: data("a"), value: "two\nthree" },
    `${head}data:\n  a: |-\n    two\n    three`,
  ],
  [
    "a key behind a block of lines",
    settings,
    `${head}data:\n  a: |\n    one\n    two\n`,
    { steps: data("b"), value: "x" },
    `${head}data:\n  a: |\n    one\n    two\n  b: x\n`,
  ],
  [
    "lines that are new",
    settings,
    `${head}data:\n  b: x\n`,
    { steps: data("a"), value: "one\ntwo\n" },
    `${head}data:\n  b: x\n  a: |\n    one\n    two\n`,
  ],
  [
    "a block of lines that is gone",
    settings,
    `${head}data:\n  a: |\n    one\n    two\n  b: x\n`,
    { steps: data("a"), value: undefined },
    `${head}data:\n  b: x\n`,
  ],
  [
    "a value where there was none",
    settings,
    `${head}data:\n  a:\n  b: x\n`,
    { steps: data("a"), value: "one" },
    `${head}data:\n  a: one\n  b: x\n`,
  ],
  [
    "a map where there was nothing behind the colon",
    settings,
    `${head}data:\n`,
    { steps: data("a"), value: "one" },
    `${head}data:\n  a: one\n`,
  ],
  [
    "folded lines are left",
    settings,
    `${head}data:\n  a: >\n    one\n    two\n`,
    { steps: data("a"), value: "three\n" },
    "refused: it is written over several lines, and the new value cannot be",
  ],
  [
    "a file of JSON",
    settings,
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"a":"x"}}',
    { steps: data("b"), value: "y" },
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"a":"x", "b": "y"}}',
  ],
  [
    "JSON over several lines, the last key gone",
    settings,
    '{\n  "apiVersion": "v1",\n  "kind": "ConfigMap",\n  "metadata": { "name": "settings" },\n  "data": { "a": "x", "b": "y" }\n}\n',
    { steps: data("b"), value: undefined },
    '{\n  "apiVersion": "v1",\n  "kind": "ConfigMap",\n  "metadata": { "name": "settings" },\n  "data": { "a": "x" }\n}\n',
  ],
  [
    "an object of a list",
    settings,
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: settings }\n  data: { a: x }\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: other }\n  data: { a: x }\n",
    { steps: data("a"), value: "z" },
    "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: settings }\n  data: { a: z }\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: other }\n  data: { a: x }\n",
  ],
  [
    "a member of a set that is gone",
    settings,
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  finalizers:\n  - a.io/x\n  - b.io/y\n`,
    { steps: ["f:metadata", "f:finalizers", 'v:"a.io/x"'], value: undefined },
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  finalizers:\n  - b.io/y\n`,
  ],
  [
    "a member of a set that is new",
    settings,
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  finalizers:\n  - a.io/x\n`,
    { steps: ["f:metadata", "f:finalizers", 'v:"b.io/y"'], value: "b.io/y" },
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  finalizers:\n  - a.io/x\n  - b.io/y\n`,
  ],
  [
    "a byte-order mark and characters of several bytes stay",
    settings,
    `\ufeff# größer 🙂\n${head}data:\n  ü: x # 🙂\n  a: x\n`,
    { steps: data("a"), value: "ß" },
    `\ufeff# größer 🙂\n${head}data:\n  ü: x # 🙂\n  a: ß\n`,
  ],
  [
    "a value behind an alias is left",
    settings,
    `${head}data:\n  a: &x one\n  b: *x\n`,
    { steps: data("b"), value: "two" },
    "refused: it stands behind the alias *x, which others share",
  ],
  [
    "a value with an anchor is left",
    settings,
    `${head}data:\n  a: &x one\n  b: *x\n`,
    { steps: data("a"), value: "two" },
    "refused: the anchor &x stands there, which others share",
  ],
  [
    "a map with a merge key is left",
    settings,
    `${head}data:\n  <<: { b: y }\n  a: one\n`,
    { steps: data("a"), value: "two" },
    "refused: a merge key stands there, which others share",
  ],
  [
    "a key that stands there twice is left",
    settings,
    `${head}data:\n  a: one\n  a: two\n`,
    { steps: data("a"), value: "three" },
    "refused: a key stands there twice",
  ],
  [
    "an object that stands there twice is left",
    settings,
    `${head}---\n${head}`,
    { steps: data("a"), value: "x" },
    "the object does not stand in this file",
  ],
  [
    "one of another namespace is left",
    settings,
    `${head}  namespace: other\ndata: { a: x }\n`,
    { steps: data("a"), value: "y" },
    "the object does not stand in this file",
  ],
  [
    "one of another group is left",
    { ...settings, apiVersion: "acme.io/v1" },
    `${head}data: { a: x }\n`,
    { steps: data("a"), value: "y" },
    "the object does not stand in this file",
  ],
  [
    "a template is left",
    settings,
    `${head}data: { a: x }\n{{- if .Values.b }}\n`,
    { steps: data("a"), value: "y" },
    "the object does not stand in this file",
  ],
];

describe("files of other layouts", () => {
  test.each(files)("%s", (...row) => {
    const [, object, before, field, after] = row;
    const adopted = adoptFields(Buffer.from(before), object, [field]);
    const [refused] = adopted.ok ? adopted.value.refused : [];
    const said = refused === undefined ? null : `refused: ${refused.why}`;
    const text = adopted.ok ? Buffer.from(adopted.value.bytes).toString() : adopted.failure.message;
    expect(said ?? text).toBe(after);
  });
});

test("one that cannot be written keeps no other from it", () => {
  const shared = `${head}data:\n  a: &x one\n  b: two\n`;
  const both = adoptFields(Buffer.from(shared), settings, [
    { steps: data("a"), value: "1" },
    { steps: data("b"), value: "three" },
  ]);
  expect(both).toMatchObject({ ok: true, value: { refused: [{ field: { steps: data("a") } }] } });
  expect(both.ok && Buffer.from(both.value.bytes).toString()).toBe(shared.replace("two", "three"));
});
