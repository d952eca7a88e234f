import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Code } from "../../src/ports/forge.ts";
import { type Setting, bytes, code, files, openSetting, text, value } from "./sandbox-forge.ts";

let setting: Setting;
let repository: Code;
let head: string;
beforeAll(async () => {
  const attributes = "left-out.* export-ignore\nstamped.* export-subst\n";
  setting = await openSetting(
    new Map([
      [".gitattributes", attributes],
      ["left-out.txt", "x\n"],
      ["stamped.txt", "$Format:%H$\n"],
      ["left-out.yaml", "x: 1\n"],
      ["stamped.yml", "x: $Format:%H$\n"],
      ["large.txt", "x".repeat(1024 * 1024 + 1)],
      ["large.yaml", `# ${"x".repeat(4 * 1024 * 1024)}`],
    ]),
  );
  repository = setting.forge.open(setting.repository, "scan").code;
  head = (await value(repository.head())).sha;
});
afterAll(() => setting.github.stop());

const bump = (branch: string, content: string, expected: string | null) =>
  repository.writeBranch({
    branch,
    parent: head,
    files: new Map([["apps/web/deployment.yaml", bytes(content)]]),
    message: `Update acme/web\n\n${content}`,
    expected,
  });

describe("reading", () => {
  test("the default branch and its tip", async () => {
    expect(await value(repository.head())).toEqual({
      branch: "main",
      sha: head,
      tree: expect.stringMatching(/^[0-9a-f]{40}$/),
      frozen: false,
      owner: "acme",
      webUrl: setting.github.webUrl,
    });
    expect(await value(repository.branch("main"))).toBe(head);
    expect(await code(repository.branch("nowhere"))).toBe("not-found");
  });

  test("all files of a commit, and by name those that are not as committed", async () => {
    const snapshot = await value(repository.snapshot(head));
    for (const [path, content] of files) expect(text(snapshot.files.get(path))).toBe(content);
    expect(Object.fromEntries(snapshot.skipped)).toEqual({
      "left-out.txt": expect.stringContaining("export-ignore"),
      "stamped.txt": expect.stringContaining("export-subst"),
      "large.txt": "larger than 1 MiB",
      "large.yaml": "larger than 4 MiB",
    });
    expect(await code(repository.snapshot("0".repeat(40)))).toBe("not-found");
  });

  test("manifests are as committed, whatever .gitattributes says of archives", async () => {
    const { files: all } = await value(repository.snapshot(head));
    expect(text(all.get("left-out.yaml"))).toBe("x: 1\n");
    expect(text(all.get("stamped.yml"))).toBe("x: $Format:%H$\n");
  });

  test("a commit that is known, or on its way, is not fetched again", async () => {
    const before = setting.forge.requests.total;
    await Promise.all([repository.snapshot(head), repository.snapshot(head)]);
    expect(setting.forge.requests.total).toBe(before);
  });
});

describe("writing a branch", () => {
  test("makes one signed commit on the parent and changes nothing but the files given", async () => {
    const sha = await value(bump("lockkeeper/bump/one", "image: acme/web:1.1.0\n", null));
    const { commits, files: changed, status, mergeBase } = await value(repository.compare(head, sha));
    expect({ status, mergeBase }).toEqual({ status: "ahead", mergeBase: head });
    expect(commits).toMatchObject([
      { sha, parents: [head], verified: true, author: { login: "lockkeeper[bot]" } },
    ]);
    expect(changed.map((file) => [file.status, file.path])).toEqual([
      ["modified", "apps/web/deployment.yaml"],
    ]);
    expect(await value(repository.branches("lockkeeper/bump/on"))).toEqual(
      new Map([["lockkeeper/bump/one", sha]]),
    );
  });

  test("refuses to make a branch that is there already", async () => {
    await value(bump("lockkeeper/bump/two", "image: acme/web:1.1.0\n", null));
    expect(await code(bump("lockkeeper/bump/two", "image: acme/web:1.2.0\n", null))).toBe("conflict");
  });

  test("moves a branch only from where it is expected to be", async () => {
    const first = await value(bump("lockkeeper/bump/three", "image: acme/web:1.1.0\n", null));
    const second = await value(bump("lockkeeper/bump/three", "image: acme/web:1.2.0\n", first));
    expect(await value(repository.branch("lockkeeper/bump/three"))).toBe(second);
    expect(await code(bump("lockkeeper/bump/three", "image: acme/web:1.3.0\n", first))).toBe("conflict");
    expect(await value(repository.branch("lockkeeper/bump/three"))).toBe(second);
    const moves = await value(repository.activity("lockkeeper/bump/three", "2020-01-01T00:00:00Z"));
    expect(moves.map((move) => [move.type, move.after])).toEqual([
      ["force_push", second],
      ["branch_creation", first],
    ]);
  });

  test("removes files, keeps modes, and takes bytes that are no text", async () => {
    const binary = new Uint8Array([0, 255, 1, 254]);
    const sha = await value(
      repository.writeBranch({
        branch: "lockkeeper/bump/four",
        parent: head,
        files: new Map([
          ["apps/web/service.yaml", null],
          ["never/there.yaml", null],
          ["apps/web/logo.png", binary],
        ]),
        message: "Change files",
        expected: null,
      }),
    );
    const after = await value(repository.snapshot(sha));
    expect(after.files.has("apps/web/service.yaml")).toBe(false);
    expect(Buffer.from(after.files.get("apps/web/logo.png")!)).toEqual(Buffer.from(binary));
  });

  test("deleting a branch twice is no failure", async () => {
    await value(bump("lockkeeper/bump/five", "image: acme/web:1.1.0\n", null));
    expect(await code(repository.deleteBranch("lockkeeper/bump/five"))).toBe("ok");
    expect(await code(repository.deleteBranch("lockkeeper/bump/five"))).toBe("ok");
    expect(await code(repository.branch("lockkeeper/bump/five"))).toBe("not-found");
  });
});

test("opening a bump on a commit that was read costs at most six requests", async () => {
  const { code: branches, pulls } = setting.forge.open(setting.repository, "scan");
  await value(branches.snapshot(head));
  const before = setting.forge.requests.total;
  await value(bump("lockkeeper/bump/six", "image: acme/web:1.6.0\n", null));
  const draft = { title: "t", body: "b", head: "lockkeeper/bump/six", base: "main" };
  await value(pulls.create(draft));
  expect(setting.forge.requests.total - before).toBeLessThanOrEqual(6);
});

test("looking again at what did not change is answered with 304", async () => {
  const { code: branches, pulls } = setting.forge.open(setting.repository, "scan");
  await setting.github.settle();
  await Promise.all([branches.head(), pulls.open("main")]);
  const before = { ...setting.forge.requests };
  await Promise.all([branches.head(), pulls.open("main")]);
  expect(setting.forge.requests.total - before.total).toBe(3);
  expect(setting.forge.requests.notModified - before.notModified).toBe(3);
});
