import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";

/** Which folder of src/ may import which: the table of the README, from the ground up. Itself is always allowed. */
const mayImport: Record<string, readonly string[]> = {
  model: [],
  text: [],
  tags: ["model"],
  manifests: ["model", "text"],
  signoff: ["model", "text"],
  rollout: ["model", "text"],
  commands: ["model", "text"],
  config: ["model", "text", "tags", "manifests", "signoff", "rollout", "commands"],
  plan: ["model", "text", "tags", "manifests", "signoff", "rollout", "commands", "config"],
  ports: ["model"],
  registry: ["model", "ports"],
  github: ["model", "ports"],
  cluster: ["model", "ports"],
  render: ["model", "text", "manifests", "ports"],
  queue: ["model", "ports"],
  threads: ["model", "ports"],
  flows: ["model", "text", "tags", "manifests", "signoff", "rollout", "commands", "config", "plan", "ports"],
  runtime: ["model", "config", "ports"],
  "app.ts": ["model", "text", "config", "plan", "ports", "flows", "runtime", "github", "queue"],
  sandbox: ["model"],
  cli: ["*"],
  "main.ts": ["*"],
};

const root = join(import.meta.dirname, "..", "src");

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return name.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((found) =>
    normalize(join(dirname(file), found[1]!)),
  );
}

const room = (file: string): string => relative(root, file).split("/")[0]!;
const files = sources(root);

describe("the import table", () => {
  test("covers every folder of src", () => {
    expect(readdirSync(root).filter((name) => !(name in mayImport))).toEqual([]);
  });

  test("is kept by every import, types included", () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith(root))
        .filter((target) => {
          const allowed = mayImport[room(file)]!;
          return room(target) !== room(file) && !allowed.includes("*") && !allowed.includes(room(target));
        })
        .map((target) => `${relative(root, file)} imports ${relative(root, target)}`),
    );
    expect(broken).toEqual([]);
  });

  test("only the command line composes the sandbox", () => {
    const intruders = files
      .filter((file) => importsOf(file).some((target) => room(target) === "sandbox"))
      .map(room)
      .filter((name) => name !== "sandbox" && name !== "cli");
    expect(intruders).toEqual([]);
  });

  test("is never left: src imports nothing of the project outside src", () => {
    const outside = files.filter((file) => importsOf(file).some((target) => !target.startsWith(root)));
    expect(outside.map((file) => relative(root, file))).toEqual([]);
  });
});

test("the decisions are pure: no clock, randomness, environment or I/O below the ports", () => {
  const pure = ["model", "text", "tags", "manifests", "signoff", "rollout", "commands", "config", "plan"];
  const impure = /Date\.now|new Date\(\)|Math\.random|process\.|from "node:(?!crypto|buffer|path)|fetch\(/;
  const found = files
    .filter((file) => pure.includes(room(file)))
    .filter((file) => impure.test(readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")));
  expect(found.map((file) => relative(root, file))).toEqual([]);
});

test("there is no import cycle, types included", () => {
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): string[] => {
    if (trail.includes(file))
      return [[...trail.slice(trail.indexOf(file)), file].map((f) => relative(root, f)).join(" -> ")];
    if (done.has(file)) return [];
    done.add(file);
    return (graph.get(file) ?? []).flatMap((next) => walk(next, [...trail, file]));
  };
  expect(files.flatMap((file) => walk(file, []))).toEqual([]);
});

test("there is no drawer: every folder is named for what it holds", () => {
  const drawers = /(^|\/)(utils?|helpers?|common|misc|shared|lib|index\.ts)(\/|\.ts$|$)/;
  expect(files.map((file) => relative(root, file)).filter((name) => drawers.test(name))).toEqual([]);
});
