/** Takes a picture of a text as a page shows it, with Chromium. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { renderMarkdown } from "../plan/github-markdown.ts";
import { page } from "./page.ts";

/** What GitHub shows of an issue, pull request or check: Markdown, and the comments below it. */
export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly below?: readonly { readonly author: string; readonly body: string }[];
}

/** Pictures by name, what stands in them for names of the sandbox, and the end of what made them. */
export interface Scene {
  readonly shown: Readonly<Record<string, Shown>>;
  readonly names: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const folder = join(import.meta.dirname, "..", "..", "docs", "pictures");

/** Of each picture, in pixels. */
const heights: Readonly<Record<string, number>> = {
  "pull-request": 800,
  dashboard: 1430,
  onboarding: 810,
  "onboarding-file": 760,
  plan: 720,
  drift: 940,
  "drift-healed": 1180,
};

export async function shootAll(shown: Scene["shown"], names: Scene["names"]): Promise<void> {
  for (const [name, each] of Object.entries(shown)) await shoot(name, each, names);
}

async function shoot(name: string, { title, body, below = [] }: Shown, names: Scene["names"]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "pictures-"));
  const html = join(scratch, "page.html");
  const show = (markdown: string): string =>
    renderMarkdown(withNames(markdown, names)).replaceAll("<details>", "<details open>");
  const said = below.map(({ author, body: text }) => ({ author, html: show(text) }));
  await writeFile(html, page(withNames(title, names), show(body), said));
  const picture = join(folder, `${name}.png`);
  const flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1"];
  const size = `--window-size=1160,${heights[name] ?? 1000}`;
  await promisify(execFile)("chromium", [
    ...flags,
    size,
    `--user-data-dir=${scratch}`,
    `--screenshot=${picture}`,
    html,
  ]);
  await rm(scratch, { recursive: true });
  process.stdout.write(`${picture}\n`);
}

function withNames(text: string, names: Scene["names"]): string {
  return Object.entries(names).reduce((sofar, [from, to]) => sofar.replaceAll(from, to), text);
}

export function missing(what: string): never {
  throw new Error(`the flows have made no ${what}`);
}
