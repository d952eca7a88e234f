import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RenderServer, startRenderServer } from "../../src/render/render-server.ts";
import { type ToolLimits, usualLimits } from "../../src/render/run-tool.ts";
import { ownWorkshop } from "../../src/render/workshop.ts";
import { commit, map, real, rendererWith, script } from "./tools-world.ts";

const app = { path: "apps/web" };
const kustomization = { "apps/web/kustomization.yaml": "resources: [m.yaml]\n", "apps/web/m.yaml": map("m") };
const chart = {
  "apps/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
  "apps/web/templates/m.yaml": map("{{ .Release.Name }}"),
};

async function serve(
  tools: { kustomize: string | null; helm: string | null },
  limits: Partial<ToolLimits> = {},
): Promise<RenderServer> {
  const places = { ...tools, searchPath: process.env["PATH"] ?? "" };
  return startRenderServer(ownWorkshop(places, { ...usualLimits, ...limits }), {
    host: "127.0.0.1",
    port: 0,
  });
}

/** A renderer that has no tool of its own. */
function away(port: number) {
  const server = new URL(`http://127.0.0.1:${port}`);
  return rendererWith({ kustomize: null, helm: null, searchPath: "", server });
}

const isThere = real.kustomize !== null && real.helm !== null;
const why = isThere ? "" : " (not run: there is no kustomize and Helm here, `npm test` gets them)";

describe.skipIf(!isThere)(`a render server with the real tools${why}`, () => {
  let server: RenderServer;
  beforeAll(async () => {
    server = await serve(real);
  });
  afterAll(() => server?.stop());

  test.each([
    ["a kustomization", kustomization],
    ["a chart", chart],
  ])("renders %s as we would ourselves", async (_, files) => {
    const [there, here] = [away(server.port), rendererWith()];
    const rendering = await there.render(commit(files), app);
    expect(rendering.ok).toBe(true);
    expect(rendering).toEqual(await here.render(commit(files), app));
    expect(await there.describe()).toMatch(/^kustomize .* with an empty environment, on 127\.0\.0\.1:\d+/);
  });

  test("says what the tool says where it fails", async () => {
    const broken = {
      ...kustomization,
      "apps/web/kustomization.yaml": "resources: [m.yaml]\nnamePrefix: { a: b }\n",
    };
    const [there, here] = [away(server.port), rendererWith()];
    const failed = await there.render(commit(broken), app);
    expect(failed.ok).toBe(false);
    expect(failed).toEqual(await here.render(commit(broken), app));
  });

  test("runs no other program, whoever asks", async () => {
    const job = { name: "kustomize", programs: ["/bin/sh"], args: ["-c", "echo kind: X"], files: [] };
    const answer = await fetch(`http://127.0.0.1:${server.port}/run`, {
      method: "POST",
      body: JSON.stringify(job),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      failure: { code: "unsupported", message: "asks for a program that the render server does not run" },
    });
  });

  test.each(["", "{", "[]", '{"name":1}', '{"name":"a","programs":[],"args":[],"files":[]}'])(
    "refuses what is no job: %j",
    async (body) => {
      const answer = await fetch(`http://127.0.0.1:${server.port}/run`, { method: "POST", body });
      expect(answer.status).toBe(400);
    },
  );
});

describe("a render server", () => {
  test("cuts off what takes too long, and goes on", async () => {
    const server = await serve(
      { kustomize: script("kustomize", "while :; do :; done"), helm: null },
      { seconds: 1 },
    );
    const cut = await away(server.port).render(commit(kustomization), app);
    expect(cut).toMatchObject({ ok: false, failure: { code: "timeout" } });
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
    await server.stop();
  });

  test("that is not there is asked again later, and is no word about Git", async () => {
    const server = await serve({ kustomize: script("kustomize", "exit 1"), helm: null });
    await server.stop();
    const failed = await away(server.port).render(commit(kustomization), app);
    expect(failed).toMatchObject({ ok: false, failure: { code: "unavailable" } });
  });

  test("that gives another answer is taken for one that is not there", async () => {
    const { createServer } = await import("node:http");
    const other = createServer((_, response) => response.end("<html>hello</html>")).listen(0, "127.0.0.1");
    await new Promise((listening) => other.once("listening", listening));
    const { port } = other.address() as { port: number };
    const failed = await away(port).render(commit(kustomization), app);
    expect(failed).toMatchObject({ ok: false, failure: { code: "unavailable" } });
    other.close();
  });
});
