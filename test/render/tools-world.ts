/** Files of a commit, rendered by the real tools or by scripts that play them. */

import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Snapshot } from "../../src/model/repository.ts";
import type { RenderedApp } from "../../src/ports/renderer.ts";
import { type RendererOptions, createRenderer } from "../../src/render/renderer.ts";
import { createThreads } from "../../src/threads/create-threads.ts";
import { findTool } from "../real/render-tools.ts";

export type Texts = Readonly<Record<string, string>>;

export const real = { kustomize: findTool("kustomize"), helm: findTool("helm") };

/** One thread serves all renderers of a file. */
const threads = createThreads();

export function commit(files: Texts, skipped: Texts = {}): Snapshot {
  const bytes = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
  return { sha: "a".repeat(40), files: new Map(bytes), skipped: new Map(Object.entries(skipped)) };
}

export function rendererWith(options: Partial<RendererOptions> = {}) {
  return createRenderer(threads, { ...real, ...options });
}

const renderer = rendererWith();

export async function render(files: Texts, app: Partial<RenderedApp> = {}, skipped: Texts = {}) {
  return renderer.render(commit(files, skipped), { path: "apps/web", ...app });
}

/** The code and the message of a refusal. */
export async function refusal(
  files: Texts,
  app: Partial<RenderedApp> = {},
  skipped: Texts = {},
): Promise<string> {
  const result = await render(files, app, skipped);
  return result.ok ? "no refusal" : `${result.failure.code} ${result.failure.message}`;
}

/** A program that says it is new enough, and else does what the script says. */
export function script(name: "kustomize" | "helm", body: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "lockkeeper-tool-")), name);
  const version = name === "kustomize" ? "v5.6.0" : "v3.14.0";
  writeFileSync(file, `#!/bin/sh\ncase "$1" in version) echo ${version}; exit 0;; esac\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

export const deployment = (name: string, image = `registry.example/${name}:1`): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec:\n      containers:\n        - name: ${name}\n          image: ${image}\n`;

export const map = (name: string, data = "a: b"): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;
