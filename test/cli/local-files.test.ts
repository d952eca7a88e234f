import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLocalFiles } from "../../src/cli/local-files.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "lockkeeper-files-"));
  folder = join(parent, "repository");
  await mkdir(folder);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function put(path: string, text = "kind: Pod\n"): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

const isYaml = (path: string): boolean => path.endsWith(".yaml");

function read(): { files: string[]; skipped: Record<string, string> } {
  const { files, skipped } = readLocalFiles(folder, isYaml);
  return { files: [...files.keys()], skipped: Object.fromEntries(skipped) };
}

test("reads what is wanted, in order, and neither a repository's own files nor modules", async () => {
  for (const path of ["b.yaml", "a/z.yaml", "a.txt", ".git/c.yaml", "a/node_modules/d.yaml"]) await put(path);
  expect(read()).toEqual({ files: ["a/z.yaml", "b.yaml"], skipped: {} });
});

test("tells of every link that would be a file, with its target made inert", async () => {
  await put("shared/values.yaml");
  await mkdir(join(folder, "apps"));
  await symlink("../shared/values.yaml", join(folder, "apps", "values.yaml"));
  await symlink("no\u001b[31m\nwhere", join(folder, "broken.yaml"));
  await symlink(join(parent, "repository", "shared"), join(folder, "again"));
  await symlink("notes.txt", join(folder, "read.me"));
  expect(read()).toEqual({
    files: ["shared/values.yaml"],
    skipped: {
      "apps/values.yaml": "a symbolic link to ../shared/values.yaml",
      "broken.yaml": "a broken symbolic link to no[31m where",
    },
  });
});

test("never leaves the folder by a link, and says where one would have led", async () => {
  await mkdir(join(parent, "repository-other"));
  await writeFile(join(parent, "repository-other", "secret.yaml"), "kind: Secret\n");
  await symlink("../repository-other", join(folder, "other"));
  await symlink("../repository-other/secret.yaml", join(folder, "secret.yaml"));
  await symlink("..", join(folder, "up"));
  expect(read()).toEqual({
    files: [],
    skipped: {
      other: "a symbolic link out of the folder to ../repository-other",
      "secret.yaml": "a symbolic link out of the folder to ../repository-other/secret.yaml",
      up: "a symbolic link out of the folder to ..",
    },
  });
});

test("is started through a link as well", async () => {
  await put("a.yaml");
  await symlink("repository", join(parent, "link"));
  expect([...readLocalFiles(join(parent, "link"), isYaml).files.keys()]).toEqual(["a.yaml"]);
});

test("tells of files over the limit, which it does not read", async () => {
  await put("large.yaml", `a: ${"x".repeat(4 * 1024 * 1024)}`);
  await put("install.yaml", `a: ${"x".repeat(3 * 1024 * 1024)}`);
  await put("large.bin", "x".repeat(4 * 1024 * 1024 + 1));
  expect(read()).toEqual({ files: ["install.yaml"], skipped: { "large.yaml": "is over 4 MiB" } });
});

test.skipIf(process.getuid?.() === 0)(
  "tells of what it may not read (root may read everything)",
  async () => {
    await put("closed/a.yaml");
    await put("b.yaml");
    await chmod(join(folder, "closed"), 0);
    await chmod(join(folder, "b.yaml"), 0);
    expect(read()).toEqual({
      files: [],
      skipped: { closed: "a folder that cannot be read", "b.yaml": "cannot be read" },
    });
    await chmod(join(folder, "closed"), 0o700);
  },
);

test("refuses what is no folder", async () => {
  await put("a.yaml");
  expect(() => readLocalFiles(join(folder, "a.yaml"), isYaml)).toThrow(UsageError);
  expect(() => readLocalFiles(join(folder, "none"), isYaml)).toThrow(UsageError);
});
