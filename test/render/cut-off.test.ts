import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import type { RendererOptions } from "../../src/render/renderer.ts";
import { type Texts, commit, map, real, rendererWith, script } from "./tools-world.ts";

const app = { path: "apps/web" };
const files: Texts = { "apps/web/kustomization.yaml": "resources: [m.yaml]\n", "apps/web/m.yaml": map("m") };
const chart = (template: string): Texts => ({
  "apps/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "apps/web/templates/t.yaml": template,
});

/** A renderer whose kustomize is a script. */
function playing(body: string, limits: RendererOptions["limits"] = {}) {
  return rendererWith({ kustomize: script("kustomize", body), limits });
}

async function failure(renderer: ReturnType<typeof playing>, of: Texts = files): Promise<string> {
  const result = await renderer.render(commit(of), app);
  return result.ok ? "no failure" : `${result.failure.code} ${result.failure.message}`;
}

/** What runs on this machine with a word in its command line. */
function running(word: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
    } catch {
      return false;
    }
  });
}

describe("a rendering is cut off, with the reason", () => {
  test("when it takes too long, with all that it has started, while others go on", async () => {
    const renderer = playing("/bin/sleep 54321 &\nwhile :; do :; done", { seconds: 1 });
    const plain = { "apps/other/m.yaml": map("m") };
    const [cut, other] = await Promise.all([
      failure(renderer),
      renderer.render(commit(plain), { path: "apps/other" }),
    ]);
    expect(cut).toBe("timeout apps/web/kustomization.yaml:1: kustomize takes longer than 1 s");
    expect(other).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(running("54321")).toEqual([]));
  });

  test("when it writes without end", async () => {
    expect(await failure(playing("exec /bin/cat /dev/zero"))).toBe(
      "too-large apps/web/kustomization.yaml:1: kustomize writes more than 64 MiB",
    );
    expect(await failure(playing("exec /bin/cat /dev/zero >&2"))).toContain("writes more than 64 MiB");
  });

  test("when it makes too many objects", async () => {
    const objects = playing("i=0; while [ $i -lt 10001 ]; do i=$((i+1)); echo '---'; echo 'kind: X'; done");
    expect(await failure(objects)).toBe("too-large apps/web: the app has more than 10000 objects");
  });

  test("when we are shutting down", async () => {
    const renderer = playing("exec /bin/sh -c 'while :; do :; done' while-rendering");
    const ended = failure(renderer);
    await vi.waitFor(() => expect(running("while-rendering").length).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    renderer.close();
    expect(await ended).toContain("cancelled");
    expect(await failure(renderer)).toContain("shutting down");
  });

  test("and is tried again the next time, but not where it was read well", async () => {
    const renderer = playing(`[ -n "$AGAIN" ] || exec /bin/cat /dev/zero`);
    const snapshot = commit(files);
    const first = await renderer.render(snapshot, app);
    expect(first.ok).toBe(false);
    const good = playing(
      `echo '${JSON.stringify({ apiVersion: "v1", kind: "X", metadata: { name: "x" } })}'`,
    );
    const [one, two] = [await good.render(snapshot, app), await good.render(snapshot, app)];
    expect(one.ok && two.ok && one.value === two.value).toBe(true);
  });
});

describe.skipIf(real.helm === null)("a chart is cut off, with the reason", () => {
  const renderer = rendererWith({ limits: { seconds: 20, memoryBytes: 300 * 1024 * 1024 } });

  test("when its templates never end", async () => {
    const endless = "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}";
    const soon = rendererWith({ limits: { seconds: 2 } });
    expect(await failure(soon, chart(endless))).toMatch(/^(?:timeout .*takes longer than 2 s|too-large)/);
  });

  test("when they call each other for ever", async () => {
    const circle = '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}';
    expect(await failure(renderer, chart(circle))).toMatch(
      /^(?:rejected|too-large|timeout) apps\/web\/Chart\.yaml:1: helm/,
    );
  });

  test("when they need too much memory", async () => {
    const bomb = '{{ $x := "0123456789abcdef" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}';
    expect(await failure(renderer, chart(bomb))).toMatch(
      /^too-large apps\/web\/Chart\.yaml:1: helm needs more/,
    );
  });

  test("when they make a hundred thousand objects", async () => {
    const many =
      "{{ range until 100000 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: m-{{ . }} }\n{{ end }}";
    const patient = rendererWith({ limits: { seconds: 60 } });
    expect(await failure(patient, chart(many))).toBe(
      "too-large apps/web: the app has more than 10000 objects",
    );
  });
});

describe("nothing of this machine reaches a rendering", () => {
  /** Writes an object whose data is what a command says. */
  const showing = (command: string) =>
    playing(
      `said=$({ ${command}; } | /usr/bin/base64 -w0)\necho "{ apiVersion: v1, kind: ConfigMap, metadata: { name: m }, data: { said: \\"$said\\" } }"`,
    );

  async function shown(command: string): Promise<string> {
    const result = await showing(command).render(commit(files), app);
    if (!result.ok) throw new Error(result.failure.message);
    const data = result.value.objects[0]?.object["data"] as { said: string };
    return Buffer.from(data.said, "base64").toString();
  }

  test("no variable of the environment", async () => {
    vi.stubEnv("WEBHOOK_SECRET", "canary-of-the-environment");
    const said = await shown("/usr/bin/env");
    vi.unstubAllEnvs();
    expect(said).not.toContain("canary");
    const names = said
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    const shells = ["PWD", "SHLVL", "_", "OLDPWD"];
    const ours = new Set(names.filter((name = "") => !shells.includes(name)));
    expect(ours).toEqual(new Set(["HOME", "PATH", "TMPDIR"]));
  });

  test("no file but the app's inputs, and no input of people", async () => {
    const more = { ...files, "apps/other/secret.yaml": "canary" };
    const result = await showing("/usr/bin/find . ..; /bin/cat").render(commit(more), app);
    if (!result.ok) throw new Error(result.failure.message);
    const data = result.value.objects[0]?.object["data"] as { said: string };
    const listed = Buffer.from(data.said, "base64").toString();
    expect(
      listed
        .split("\n")
        .filter((path) => path.startsWith("./") && path.endsWith(".yaml"))
        .sort(),
    ).toEqual(["./apps/web/kustomization.yaml", "./apps/web/m.yaml"]);
    expect(listed).not.toContain("other");
  });

  test("no network and no right of root, where this machine can take them away", async () => {
    const renderer = playing("exit 1");
    const said = await renderer.describe();
    if (said.includes("no network")) {
      const devices = await shown("/bin/cat /proc/net/dev");
      expect([...devices.matchAll(/^ *(\S+):/gm)].map((found) => found[1])).toEqual(["lo"]);
    }
    if (said.includes("no rights of root")) expect(await shown("/usr/bin/id -u")).toBe("65534\n");
    expect(said).toContain("an empty environment");
  });

  test.skipIf(real.helm === null)("no file outside of a chart by its templates", async () => {
    const template = map(
      "m",
      'a: {{ .Files.Get "/etc/hostname" | quote }}\n  b: {{ .Files.Get "../../../../../../etc/hostname" | quote }}',
    );
    const result = await rendererWith().render(commit(chart(template)), app);
    expect(result).toMatchObject({ ok: true, value: { objects: [{ object: { data: { a: "", b: "" } } }] } });
  });
});
