/** Makes the pictures of docs/pictures: what people see on GitHub, from texts that the real flows wrote on the sandbox. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { configPath } from "../../src/config/config.ts";
import { renderMarkdown } from "../plan/github-markdown.ts";
import { type ScanWorld, pod, startScan } from "../flows/scan-world.ts";
import { value } from "../flows/user-call.ts";
import { page } from "./page.ts";

const folder = join(import.meta.dirname, "..", "..", "docs", "pictures");

const config = `apps:
  - match: "apps/{app}/{environment}"
    environment: "{environment}"
    mode: propose
  - { path: tools, mode: observe }
images:
  - { match: "**/acme/api", tags: { minimumAge: 3d } }
pulls: { limit: 1 }
signoff:
  rules:
    - { name: production, when: { environment: production }, need: { approvals: 2, anyOf: [team:acme/sre, user:ada] } }
`;

const files = {
  [configPath]: config,
  "apps/web/production/web.yaml": pod("acme/web:1.3.0", "acme/api:2.0.1"),
  "apps/web/staging/web.yaml": pod("acme/web:1.3.0"),
  "apps/mail/production/mail.yaml": pod("acme/lost:0.1.0", "acme/mail"),
  "tools/job.yaml": pod("acme/backup:1.0.0"),
};

const notes = "### Changes\n\n* Sessions survive a restart (#412), thanks @grace\n* Fix a leak in the pool";

async function start(): Promise<ScanWorld> {
  const world = await startScan(files, [
    "acme/api:2.0.1",
    "acme/api:2.1.0",
    "acme/backup:1.0.0",
    "acme/backup:1.2.0",
  ]);
  const push = (tag: string, revision: string, created: string): Promise<string> =>
    world.registry.push("acme/web", tag, {
      created: new Date(created),
      labels: {
        "org.opencontainers.image.source": `${world.github.webUrl}/acme/gitops`,
        "org.opencontainers.image.revision": revision.repeat(40),
      },
    });
  await push("1.3.0", "a", "2026-11-02T08:00:00Z");
  await push("1.4.0", "b", "2026-11-19T07:30:00Z");
  for (const tag of ["v1.3.0", "v1.4.0"]) {
    await world.ada("POST", "/releases", { tag_name: tag, name: `Web ${tag}`, body: notes });
  }
  return world;
}

interface Shown {
  readonly title: string;
  readonly body: string;
}

/** Of each picture, in pixels. */
const heights: Readonly<Record<string, number>> = {
  "pull-request": 800,
  dashboard: 1430,
  onboarding: 810,
  "onboarding-file": 760,
};

async function texts(world: ScanWorld): Promise<Readonly<Record<string, Shown>>> {
  value(await world.scan());
  const [pull] = await world.bumps("open");
  const issues: Shown[] = await world.ada("GET", "/issues?state=all&labels=lockkeeper");
  const dashboard = issues.find(({ title }) => title.includes("dashboard"));
  return { "pull-request": pull ?? missing("pull request"), dashboard: dashboard ?? missing("dashboard") };
}

/** What a repository without a configuration is offered, and the file itself. */
async function offer(): Promise<readonly [ScanWorld, Readonly<Record<string, Shown>>]> {
  const image = pod("acme/web:1.3.0");
  const folders = ["web", "api", "mail"].flatMap((app) =>
    ["production", "staging"].map((name) => `apps/${app}/overlays/${name}`),
  );
  const found = Object.fromEntries(folders.map((folder) => [`${folder}/deployment.yaml`, image]));
  const world = await startScan({ ...found, "tools/backup.yaml": pod("acme/backup:1.0.0", "acme/mail") }, [
    "acme/web:1.3.0",
  ]);
  const { sha } = await world.ada("GET", `/contents/${configPath}`);
  await world.ada("DELETE", `/contents/${configPath}`, { message: "Start without", branch: "main", sha });
  value(await world.scan());
  const [pull] = (await world.ada("GET", "/pulls")) as Shown[];
  const body = await world.read(configPath, "lockkeeper/configure");
  const file = { title: configPath, body: `\`\`\`yaml\n${body}\n\`\`\`` };
  return [world, { onboarding: pull ?? missing("offer"), "onboarding-file": file }];
}

function missing(what: string): never {
  throw new Error(`the scan has made no ${what}`);
}

const hostOf = ({ registry, github }: ScanWorld) => ({
  [registry.host]: "ghcr.io",
  [github.webUrl]: "https://github.com",
});

async function shoot(
  name: string,
  { title, body }: Shown,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "pictures-"));
  const html = join(scratch, "page.html");
  const plain = Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), body);
  await writeFile(html, page(title, renderMarkdown(plain).replaceAll("<details>", "<details open>")));
  const picture = join(folder, `${name}.png`);
  const flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1"];
  const size = `--window-size=1000,${heights[name] ?? 1000}`;
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

async function shootAll(world: ScanWorld, all: Readonly<Record<string, Shown>>): Promise<void> {
  for (const [name, shown] of Object.entries(all)) await shoot(name, shown, hostOf(world));
  await world.stop();
}

const world = await start();
await shootAll(world, await texts(world));
await shootAll(...(await offer()));
process.exit();
