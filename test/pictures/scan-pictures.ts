/** What a scan writes: a bump, the dashboard, and the offer of a configuration. */

import { configPath } from "../../src/config/config.ts";
import { type ScanWorld, pod, startScan } from "../flows/scan-world.ts";
import { value } from "../flows/user-call.ts";
import { type Scene, type Shown, missing } from "./shoot.ts";

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

export async function proposal(): Promise<Scene> {
  const world = await start();
  value(await world.scan());
  const [pull] = await world.bumps("open");
  const issues: Shown[] = await world.ada("GET", "/issues?state=all&labels=lockkeeper");
  const dashboard = issues.find(({ title }) => title.includes("dashboard"));
  return sceneOf(world, {
    "pull-request": pull ?? missing("pull request"),
    dashboard: dashboard ?? missing("dashboard"),
  });
}

/** What a repository without a configuration is offered, and the file itself. */
export async function offer(): Promise<Scene> {
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
  return sceneOf(world, { onboarding: pull ?? missing("offer"), "onboarding-file": file });
}

function sceneOf(world: ScanWorld, shown: Scene["shown"]): Scene {
  const names = { [world.registry.host]: "ghcr.io", [world.github.webUrl]: "https://github.com" };
  return { shown, names, stop: () => world.stop() };
}
