/** Renders the folder of an app by what it holds: a kustomization, a chart, or plain manifests. */

import { posix } from "node:path";
import { type FolderTool, toolOf } from "../manifests/app-inputs.ts";
import { kustomizationNames } from "../manifests/kustomize-tree.ts";
import { type Result, fail, ok } from "../model/failure.ts";
import type { Snapshot } from "../model/repository.ts";
import type { RenderedApp, Renderer, Rendering } from "../ports/renderer.ts";
import type { Threads } from "../ports/threads.ts";
import { inertLine } from "../text/inert.ts";
import { helmTemplate } from "./helm.ts";
import { kustomizeBuild } from "./kustomize.ts";
import { renderPlain } from "./plain.ts";
import { prepare } from "./refused.ts";
import { type ToolLimits, usualLimits } from "./run-tool.ts";
import { objectsOf } from "./tool-output.ts";
import { remoteWorkshop } from "./render-client.ts";
import { type ToolPlaces, helmTool, kustomizeTool } from "./tools.ts";
import { type Workshop, ownWorkshop } from "./workshop.ts";

export interface RendererOptions extends ToolPlaces {
  readonly limits: Partial<ToolLimits>;
  /** A render server that runs the tools; null: this process runs them itself. */
  readonly server: URL | null;
}

export interface OwnRenderer extends Renderer {
  /** What renders, and what keeps it apart; one line for people. */
  describe(): Promise<string>;
  /** Cuts off what runs. */
  close(): void;
}

export function createRenderer(threads: Threads, options: Partial<RendererOptions> = {}): OwnRenderer {
  const searchPath = options.searchPath ?? process.env["PATH"] ?? "";
  const places = { kustomize: options.kustomize ?? null, helm: options.helm ?? null, searchPath };
  const limits = { ...usualLimits, ...options.limits };
  const { server = null } = options;
  const workshop = server === null ? ownWorkshop(places, limits) : remoteWorkshop(server, limits.seconds);
  return new ToolRenderer(threads, workshop);
}

class ToolRenderer implements OwnRenderer {
  readonly #threads: Threads;
  readonly #workshop: Workshop;
  /** By the files of a commit, which are the same as long as the commit is remembered. */
  readonly #known = new WeakMap<Snapshot["files"], Map<string, Rendering>>();

  constructor(threads: Threads, workshop: Workshop) {
    this.#threads = threads;
    this.#workshop = workshop;
  }

  async render(snapshot: Snapshot, app: RenderedApp): Promise<Result<Rendering>> {
    const tool = toolOf(app.path, snapshot.files);
    if (tool === "plain") return renderPlain(this.#threads, snapshot, app.path);
    const known = this.#known.get(snapshot.files) ?? new Map<string, Rendering>();
    this.#known.set(snapshot.files, known);
    const key = JSON.stringify([app.path, app.name, app.namespace, app.helm]);
    const found = known.get(key);
    if (found !== undefined) return ok(found);
    const rendered = await this.#byTool(snapshot, app, tool);
    if (rendered.ok) known.set(key, rendered.value);
    return rendered;
  }

  async #byTool(
    snapshot: Snapshot,
    app: RenderedApp,
    tool: Exclude<FolderTool, "plain">,
  ): Promise<Result<Rendering>> {
    const file = mainFile(snapshot, app.path);
    const asked = { path: app.path, helm: app.helm };
    const prepared = await this.#threads.first(prepare, { snapshot, app: asked });
    if (!prepared.ok)
      return fail(prepared.failure.code, `${file}: reading its inputs ${prepared.failure.message}`);
    if ("refused" in prepared.value) return fail("unsupported", prepared.value.refused);
    const { inputs, copies } = prepared.value;
    const files = new Map(inputs.map((path) => [path, snapshot.files.get(path) ?? new Uint8Array()]));
    const build =
      tool === "kustomize"
        ? await kustomizeBuild(this.#workshop, app.path, files)
        : await helmTemplate(this.#workshop, app, { files, copies });
    if (!build.ok) return build;
    const { job, output } = build.value;
    const ran = await this.#workshop.run(job);
    if (!ran.ok) return fail(ran.failure.code, `${file}:1: ${job.name} ${said(ran.failure)}`);
    const text = ran.value.toString();
    const objects = await objectsOf(this.#threads, app.path, { text, sources: files, ...output });
    return objects.ok ? ok({ objects: objects.value, inputs }) : objects;
  }

  async describe(): Promise<string> {
    const tools = await Promise.all(
      [kustomizeTool, helmTool].map(async (wanted) => {
        const found = await this.#workshop.find(wanted);
        if (!found.ok) return `${wanted.name}: ${found.failure.message}`;
        const walls = await this.#workshop.walls([found.value.path]);
        return `${wanted.name} ${found.value.version} with ${["an empty environment", ...walls].join(", ")}`;
      }),
    );
    return tools.join("; ");
  }

  close(): void {
    this.#workshop.close();
  }
}

function mainFile({ files }: Snapshot, path: string): string {
  const names = [...kustomizationNames, "Chart.yaml"].map((name) => posix.join(path, name));
  return names.find((file) => files.has(file)) ?? path;
}

/** What a tool said may quote the values that it stumbled over. */
function said({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code !== "rejected") return message;
  const text = message.replaceAll(/`[^`]*`/g, "`…`").replace(/^Error: /, "");
  return `fails: ${inertLine(text, 600)}`;
}
