import { expect, test } from "vitest";
import { configFindings } from "../../src/config/findings.ts";

const paths = ["apps/a/x.yaml", "apps/b/x.yaml", "apps/c/x.yaml", "apps/d/x.yaml"];
const now = new Date("2026-01-01");

const entry = (name: string, mode: string, needs: string): string =>
  `  - path: apps/${name}\n    mode: ${mode}\n    dependsOn: [${needs}]\n`;

function problems(...entries: string[]): string[] {
  const found = configFindings(`apps:\n${entries.join("")}`, "f.yml", { paths, now });
  return found.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test("apps may wait for others that Lockkeeper applies", () => {
  expect(problems(entry("a", "apply", "b, c"), entry("b", "apply", "c"), entry("c", "apply", ""))).toEqual(
    [],
  );
});

test("names that nobody has, and apps that are not applied, are told with their place", () => {
  expect(problems(entry("a", "apply", "b, nobody"), entry("b", "propose", ""))).toEqual([
    expect.stringMatching(/^4:17 "a" depends on "b", which is in mode propose/),
    expect.stringMatching(/^4:20 "a" depends on "nobody", and no app has that name/),
  ]);
});

test("circles are told at each of their parts", () => {
  const circle = problems(
    entry("a", "apply", "b"),
    entry("b", "apply", "c"),
    entry("c", "apply", "a"),
    entry("d", "apply", "d"),
  );
  expect(circle.map((text) => text.replace(/^.*: /, ""))).toEqual([
    "a -> b -> c -> a",
    "b -> c -> a -> b",
    "c -> a -> b -> c",
    "d -> d",
  ]);
});

test("captures stand for their values, and one that is not there is refused", () => {
  const text = (name: string) =>
    `apps:\n  - { match: "apps/{app}", name: "{app}", mode: apply }\n  - { path: other, mode: apply, dependsOn: ["${name}"] }\n`;
  const told = (name: string) =>
    configFindings(text(name), "f.yml", { paths: [...paths, "other/x.yaml"], now }).problems.map(
      ({ message }) => message,
    );
  expect(told("a")).toEqual([]);
  expect(told("{app}")).toEqual([expect.stringContaining("is not a capture")]);
});
