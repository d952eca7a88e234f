import { expect, test } from "vitest";
import { closest } from "../../src/text/closest.ts";

const known = ["apps", "images", "pulls", "signoff", "namespace"];

test.each([
  ["app", "apps"],
  ["signof", "signoff"],
  ["imgaes", "images"],
  ["Pulls", "pulls"],
  ["names", "namespace"],
  ["x", undefined],
  ["environments", undefined],
  ["s".repeat(10_000), undefined],
])("the word nearest to %s is %s", (word, expected) => expect(closest(word, known)).toBe(expected));
