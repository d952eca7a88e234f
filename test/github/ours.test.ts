import { expect, test } from "vitest";
import { isOurs } from "../../src/github/ours.ts";

const through = { performed_via_github_app: { id: 7 } };

test.each<[string, object, number, boolean]>([
  ["what the App's own account wrote", { user: { id: 900 }, ...through }, 900, true],
  ["what a person wrote", { user: { id: 4 } }, 900, false],
  ["what a person wrote through the App", { user: { id: 4 }, ...through }, 900, false],
  ["what nobody is known for", { user: null }, 900, false],
  ["anything, while the App is nowhere installed", { user: { id: 0 } }, 0, false],
])("%s", (_, written, self, ours) => {
  expect(isOurs(written, self)).toBe(ours);
});
