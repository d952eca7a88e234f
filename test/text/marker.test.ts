import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeMarker, readMarker } from "../../src/text/marker.ts";

describe("a hidden marker", () => {
  test("reads back what was written, within any text that holds no other", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.string(), (value, before, after) => {
        const text = `${before}\r\n${makeMarker("bump", value)}\r\n${after}`;
        fc.pre(!before.includes("<!-- lockkeeper:") && !after.includes("<!-- lockkeeper:"));
        expect(readMarker(text, "bump")).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("cannot be ended by a value", () => {
    const marker = makeMarker("bump", { tag: "--> @everyone <!-- lockkeeper:bump {} -->", "--!>": "&gt;" });
    expect(marker.slice(4, -3)).not.toMatch(/--|[<>&]/);
    expect(marker.split("\n")).toHaveLength(1);
  });

  test.each([
    ["none", "nothing here"],
    ["another kind", makeMarker("drift", 1)],
    ["a kind that only begins alike", makeMarker("bump-plan", 1)],
    ["two of them", `${makeMarker("bump", 1)}\n${makeMarker("bump", 2)}`],
    ["text before it on the line", `see ${makeMarker("bump", 1)}`],
    ["broken JSON", '<!-- lockkeeper:bump {"a": -->'],
    ["no end", "<!-- lockkeeper:bump {}"],
    ["a bracket inside", '<!-- lockkeeper:bump "<b>" -->'],
    ["an early end", '<!-- lockkeeper:bump "a" --> "b" -->'],
  ])("is not found in %s", (_, text) => {
    expect(readMarker(text, "bump")).toBeUndefined();
  });

  test("has a kind of ours only", () => {
    expect(() => makeMarker("a -->", {})).toThrow(/not a marker kind/);
  });
});
