import { describe, expect, test } from "vitest";
import type { App } from "../../src/model/app.ts";
import { parseImageReference } from "../../src/model/image.ts";
import { bumpRecords } from "../../src/plan/bump-marker.ts";
import { type DecidedPlace, type Decision, type Grouping, unitsOf } from "../../src/plan/unit.ts";

const bump: Decision = { type: "bump", to: { tag: "2.0.0", digest: null }, kind: "major", why: "because" };

/** `environment file:line image` as a place whose image is bumped. */
function place(text: string, decision: Decision = bump): DecidedPlace {
  const [environment = "", at = "", name = ""] = text.split(" ");
  const [file = "", line = ""] = at.split(":");
  const image = parseImageReference(name);
  if (!image.ok) throw new Error(image.failure.message);
  const app = { name: environment, path: environment, environment } as App;
  const occurrence = {
    file,
    line: Number(line),
    column: 1,
    path: `0/${line}`,
    shape: "workload",
    image: name,
  };
  return {
    occurrence: { ...occurrence, tag: "1.0.0", digest: null, start: Number(line), end: Number(line) + 1 },
    app,
    image: image.value,
    decision,
  };
}

function shapeOf(places: readonly DecidedPlace[]): string[][] {
  return unitsOf(places, "image").map((unit) =>
    unit.bumps.map((b) => `${b.occurrence.file}:${b.occurrence.line}`),
  );
}

function branches(places: readonly DecidedPlace[]): string[] {
  return unitsOf(places, "image").map((unit) => unit.branch);
}

describe("units", () => {
  test("hold one image in one environment, however it is spelled and wherever it stands", () => {
    const places = [
      "prod a:1 nginx",
      "prod b:9 docker.io/library/nginx",
      "test a2:1 nginx",
      "prod a:5 redis",
    ];
    expect(new Set(shapeOf(places.map((text) => place(text))).map(String))).toEqual(
      new Set(["a2:1", "a:1,b:9", "a:5"]),
    );
  });

  test("hold what stands next to any line that an edit changes, the digest's too", () => {
    const pinned = { ...place("prod a:1 nginx"), lines: [1, 3] };
    const others = ["prod a:4 redis", "prod a:6 busybox"].map((text) => place(text));
    expect(
      shapeOf([pinned, ...others])
        .map(String)
        .toSorted(),
    ).toEqual(["a:1,a:4", "a:6"]);
  });

  test.each([
    ["on one line", ["prod a:1 nginx", "prod a:1 redis"], 1],
    ["on neighbouring lines", ["prod a:2 nginx", "prod a:1 redis"], 1],
    ["in a chain of neighbours", ["prod a:1 nginx", "prod a:2 redis", "prod a:3 busybox"], 1],
    ["with a line between", ["prod a:1 nginx", "prod a:3 redis"], 2],
    ["in two files", ["prod a:1 nginx", "prod b:2 redis"], 2],
    ["joined through another file", ["prod a:1 nginx", "prod a:2 redis", "prod b:7 redis"], 1],
  ])("that stand %s", (_, texts, count) => {
    expect(
      unitsOf(
        texts.map((text) => place(text)),
        "image",
      ),
    ).toHaveLength(count);
  });

  test.each<[Grouping, number]>([
    ["image", 4],
    ["app", 3],
    ["environment", 2],
  ])("of one %s, out of four images in three apps of two environments: %i", (grouping, count) => {
    const places = [
      place("prod web/a:1 nginx"),
      place("prod web/a:5 redis"),
      place("prod api/a:1 busybox"),
      place("test web/b:1 nginx"),
    ].map((one) => {
      const path = `${one.occurrence.file}-${one.app.environment}`;
      return { ...one, app: { ...one.app, path, name: path } };
    });
    const units = unitsOf(places, grouping);
    expect(units).toHaveLength(count);
    expect(new Set(units.map(({ branch }) => branch)).size).toBe(count);
  });

  test("of two apps are one where their images stand on neighbouring lines of a file that both have", () => {
    const [first, second] = [place("prod a:1 nginx"), place("prod a:2 redis")];
    const other = { ...second, app: { ...second.app, path: "other" } };
    expect(unitsOf([first, other], "app")).toHaveLength(1);
  });

  test("keep their branch whatever is decided, and whatever order the files come in", () => {
    const none: Decision = { type: "none", reason: "no" };
    const texts = ["prod a:1 nginx", "prod a:2 redis", "prod b:7 acme/web"];
    const all = branches(texts.map((text) => place(text)));
    expect(branches(texts.toReversed().map((text) => place(text, none)))).toEqual(all);
    expect(new Set(all).size).toBe(2);
    for (const branch of all) expect(branch).toMatch(/^lockkeeper\/bump\/[a-z0-9-]+-[0-9a-f]{10}$/);
  });

  test("take no more into one pull request than its body can remember", () => {
    const places = Array.from({ length: 400 }, (_, n) => place(`prod ${"deep/".repeat(20)}${n}:1 nginx`));
    const [unit] = unitsOf(places, "image");
    const remembered = JSON.stringify(bumpRecords(unit!.bumps)).length;
    expect(remembered).toBeGreaterThan(15_000);
    expect(remembered).toBeLessThan(40_000);
  });

  test("say when the registry did not answer for one of their images", () => {
    const unknown: Decision = { type: "unknown", reason: "no answer" };
    const [unit] = unitsOf([place("prod a:1 nginx"), place("prod a:2 redis", unknown)], "image");
    expect(unit).toMatchObject({ unknown: "no answer", bumps: [{ kind: "major" }] });
  });

  test("are named for people even where names are odd", () => {
    const app = { name: "x", path: "x", environment: "Ünïted / kingdom\u202e" } as App;
    const [unit] = unitsOf([{ ...place("prod a:1 ghcr.io/acme/web"), app }], "image");
    expect(unit?.branch).toMatch(/^lockkeeper\/bump\/kingdom-[0-9a-f]{10}$/);
  });
});
