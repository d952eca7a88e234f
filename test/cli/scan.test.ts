import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runScan } from "../../src/cli/scan.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { type SandboxRegistry, startRegistry } from "../../src/sandbox/registry.ts";

let registry: SandboxRegistry;
let folder: string;
const printed = { out: "", error: "" };

beforeAll(async () => {
  registry = await startRegistry();
  for (const tag of ["1.0.0", "1.1.0", "2.0.0", "1.0.0-alpine", "latest"])
    await registry.push("acme/web", tag);
});
afterAll(() => registry.stop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockkeeper-scan-"));
  Object.assign(printed, { out: "", error: "" });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text.replaceAll("REGISTRY", registry.host));
}

function scan(options: { json?: boolean; write?: boolean } = {}): Promise<number> {
  return runScan(folder, options, {
    env: { LOCKKEEPER_INSECURE_REGISTRIES: registry.host, DOCKER_CONFIG: folder },
    out: (text) => void (printed.out += text),
    error: (text) => void (printed.error += text),
    watched: false,
  });
}

const pod = (image: string): string =>
  `apiVersion: v1\r\nkind: Pod\r\nspec:\r\n  containers:\r\n    - image: "REGISTRY/${image}" # ünï\r\n`;

describe("lockkeeper scan", () => {
  test("prints what scripts hold on to, with one listing for each image", async () => {
    await put("b/web.yaml", pod("acme/web:1.0.0"));
    await put(
      "a.json",
      '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"REGISTRY/acme/web:2.0.0"}]}}',
    );
    await put("c.yaml", "kind: Pod\nimage: {{ x }\n");
    await put("node_modules/x/web.yaml", pod("acme/web:1.0.0"));
    await put(".git/web.yaml", pod("acme/web:1.0.0"));
    await symlink(join(folder, "b"), join(folder, "linked"));
    expect(await scan({ json: true })).toBe(0);
    const image = `${registry.host}/acme/web`;
    const path = "0/spec/containers/0/image";
    const column = `    - image: "${image}:`.length + 1;
    expect(JSON.parse(printed.out)).toEqual({
      images: [
        {
          file: "a.json",
          line: 1,
          column: expect.any(Number),
          path,
          shape: "workload",
          image,
          current: "2.0.0",
          digest: null,
          candidate: null,
          candidateDigest: null,
          policy: "semver",
          reason: "2.0.0 is the latest of its kind.",
        },
        {
          file: "b/web.yaml",
          line: 5,
          column,
          path,
          shape: "workload",
          image,
          current: "1.0.0",
          digest: null,
          candidate: "2.0.0",
          candidateDigest: null,
          policy: "semver",
          reason: "2.0.0 is the latest version that may follow 1.0.0.",
        },
      ],
      skipped: [{ file: "c.yaml", line: 2, reason: "a template: it cannot be read as YAML" }],
      requests: { registry: registry.requests.length },
    });
    expect(registry.requests.filter(({ path: asked }) => asked.includes("/tags/list"))).toHaveLength(1);
  });

  test("follows the configuration of the folder", async () => {
    await put("apps/web/prod/web.yaml", pod("acme/web:1.0.0"));
    await put("web.yaml", pod("acme/web:1.0.0"));
    await put(
      ".github/lockkeeper.yml",
      'apps: [{ match: "apps/{app}/{environment}", environment: "{environment}", mode: apply }]\n' +
        'images: [{ match: "**/web", environments: [prod], policy: { semver: "^1" } }]\n',
    );
    expect(await scan({ json: true })).toBe(0);
    const { images } = JSON.parse(printed.out);
    expect(images.map((one: { candidate: string; policy: string }) => [one.candidate, one.policy])).toEqual([
      ["1.1.0", "semver:^1"],
      ["2.0.0", "semver"],
    ]);
  });

  test("edits in place, byte for byte, and then has nothing left to move", async () => {
    await put("web.yaml", pod("acme/web:1.0.0"));
    expect(await scan({ write: true })).toBe(0);
    const edited = await readFile(join(folder, "web.yaml"), "utf8");
    expect(edited).toBe(pod("acme/web:2.0.0").replace("REGISTRY", registry.host));
    expect(printed.error).toContain("1 file changed.");
    printed.out = "";
    await scan();
    expect(printed.out).toBe("1 image: 0 can move, 1 stay.\n");
  });

  test("shows people a table", async () => {
    await put("web.yaml", pod("acme/web:1.0.0"));
    await put("old.yaml", pod("acme/web:1.0.0-alpine"));
    await scan();
    expect(printed.out).toBe(
      `${registry.host}/acme/web  1.0.0  ->  2.0.0  web.yaml:5\n2 images: 1 can move, 1 stay.\n`,
    );
  });

  test("names the paths that an anchored tag feeds", async () => {
    const image = "main:\n  image: &image\n    repository: REGISTRY/acme/web\n    tag: 1.0.0\n";
    await put("values.yaml", `${image}cron: { image: *image }\njobs: [{ image: *image }]\n`);
    await scan({ json: true });
    const feeds = ["0/cron/image/tag", "0/jobs/0/image/tag"];
    expect(JSON.parse(printed.out)).toMatchObject({ images: [{ path: "0/main/image", feeds }] });
    printed.out = "";
    await scan();
    expect(printed.out).toContain("values.yaml:4, feeds 0/cron/image/tag and 1 other\n");
  });

  test("ends with 1 where a registry does not answer, and still tells the rest", async () => {
    await put("a.yaml", pod("acme/none:1.0.0"));
    await put("web.yaml", pod("acme/web:1.0.0"));
    expect(await scan()).toBe(1);
    expect(printed.out).toMatch(/acme\/web +1\.0\.0/);
    expect(printed.out).toContain("a.yaml:5: It is not known where this image could go:");
    expect(printed.out).toContain("2 images: 1 can move, 0 stay, 1 unknown.");
  });

  test("ends with 1 and the place of each problem where the configuration is broken", async () => {
    await put(".github/lockkeeper.yml", "apps: []\nimage: []\n");
    expect(await scan()).toBe(1);
    expect(printed.error).toBe(
      '.github/lockkeeper.yml:2:1: unknown setting "image"; did you mean "images"?\n2 | image: []\n    ^\n',
    );
  });

  test("is wrong usage for a folder that is none", async () => {
    await put("file", "");
    folder = join(folder, "file");
    await expect(scan()).rejects.toThrow(UsageError);
  });
});
