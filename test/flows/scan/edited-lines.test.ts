import { expect, test } from "vitest";
import { editedLines } from "../../../src/flows/scan/edited-lines.ts";
import { findOccurrences } from "../../../src/manifests/find-occurrences.ts";
import type { Occurrence } from "../../../src/model/update.ts";

const file = "kustomization.yaml";
const digest = `sha256:${"a".repeat(64)}`;
const lines = [
  "images:",
  "  - name: ghcr.io/acme/web",
  "    newTag: 1.0.0",
  "    # größer 🙂",
  `    digest: ${digest}`,
  "  - name: ghcr.io/acme/api",
  "    # the newest",
  "    newTag: 2.0.0",
];

function editedIn(text: string): readonly ReturnType<typeof editedLines>[] {
  const bytes = Buffer.from(text);
  const { occurrences } = findOccurrences(file, bytes, { files: new Map([[file, bytes]]), kinds: [] });
  return occurrences.map((occurrence: Occurrence) => editedLines(bytes, occurrence));
}

test("are those of the tag and of the digest", () => {
  expect(editedIn(lines.join("\n")).map((edited) => edited.lines)).toEqual([[3, 5], [8]]);
});

test.each<[string, number, boolean, boolean]>([
  ["the tag itself", 2, true, false],
  ["the line between tag and digest", 3, true, false],
  ["the line below the digest", 5, true, false],
  ["the line above the other tag", 6, false, true],
  ["none of them", 0, false, false],
])("their hash changes with %s", (_, index, first, second) => {
  const changed = lines.with(index, `${lines[index]} # changed`).join("\n");
  const [before, after] = [editedIn(lines.join("\n")), editedIn(changed)];
  expect(after.map(({ hash }, at) => hash !== before[at]?.hash)).toEqual([first, second]);
});

test("their hash is the same wherever they stand in the file", () => {
  const [before, after] = [lines, ["# one", "# more", ...lines]].map((all) => editedIn(all.join("\n")));
  expect(after?.map(({ hash }) => hash)).toEqual(before?.map(({ hash }) => hash));
});

test("their hash changes with a line that is repeated up to them: Git may see the new one right beside them", () => {
  const note = "    # the newest";
  const once = editedIn(lines.join("\n"));
  const twice = editedIn(lines.toSpliced(6, 0, note).join("\n"));
  const thrice = editedIn(lines.toSpliced(6, 0, note, note).join("\n"));
  const hashes = [once, twice, thrice].map((edited) => edited[1]?.hash);
  expect(new Set(hashes).size).toBe(3);
  const elsewhere = editedIn([...lines, "  # other", "  # other"].join("\n"));
  expect(elsewhere[0]?.hash).toBe(once[0]?.hash);
});
