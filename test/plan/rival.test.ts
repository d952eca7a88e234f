import { describe, expect, test } from "vitest";
import type { PullRequest } from "../../src/model/pull.ts";
import { isBots, rivalOf } from "../../src/plan/rival.ts";
import type { Unit } from "../../src/plan/unit.ts";

const file = "kustomization.yaml";
const text = "images:\n- name: web\n  newTag: 1.0.0\n- name: api\n  newTag: 1.0.0\n";
const lineAt = (_: string, line: number): string | undefined => text.split("\n")[line - 1];

function unitAt(line: number): Unit {
  return { bumps: [{ occurrence: { file, line } }] } as unknown as Unit;
}

function isRival(patch: string, line: number): boolean {
  const files = [{ path: file, status: "modified", blob: "", patch }] as const;
  const pull = { number: 7, author: { id: 1, login: "renovate[bot]", bot: true } };
  return rivalOf(unitAt(line), [{ pull, files }], lineAt) !== undefined;
}

describe("a pull request of another bot", () => {
  const web =
    "@@ -1,5 +1,5 @@\n images:\n - name: web\n-  newTag: 1.0.0\n+  newTag: 1.0.5\n - name: api\n   newTag: 1.0.0";
  const api =
    "@@ -11,4 +11,4 @@ images:\n - name: web\n   newTag: 1.0.0\n - name: api\n-  newTag: 1.0.0\n+  newTag: 1.2.0";

  test.each([
    ["the image itself", web, 3, true],
    ["another image with the same tag", web, 5, false],
    ["the last line, from an older base", api, 5, true],
    ["another image before it", api, 3, false],
  ])("moves %s", (_, patch, line, rival) => {
    expect(isRival(patch, line)).toBe(rival);
  });

  test.each([
    ["a bot in the repository", { bot: true, branch: "any", repository: 1 }, true],
    ["a person's account that a bot uses", { bot: false, branch: "renovate/web", repository: 1 }, true],
    ["a person", { bot: false, branch: "web", repository: 1 }, false],
    [
      "anybody who calls the branch of a fork so",
      { bot: false, branch: "renovate/web", repository: 2 },
      false,
    ],
    ["a bot with a fork", { bot: true, branch: "any", repository: null }, false],
  ])("is told from others: %s", (_, { bot, branch, repository }, told) => {
    const author = { id: 5, login: "x", bot };
    expect(isBots({ author, headBranch: branch, headRepository: repository } as PullRequest, 1)).toBe(told);
  });
});
