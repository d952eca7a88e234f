/** What another App, installed beside ours, can write in our name's likeness. */

import type { SandboxGitHub } from "../../src/sandbox/github.ts";
import type { App, CheckRun, Deployment } from "../../src/sandbox/github/state.ts";
import { addAccount } from "../../src/sandbox/github/store.ts";

function otherApp({ hub: { store } }: SandboxGitHub): App {
  const known = store.apps.find(({ slug }) => slug === "other");
  if (known !== undefined) return known;
  const bot = addAccount(store, "other[bot]", "Bot");
  const app = { ...store.apps[0]!, id: store.nextId(), slug: "other", name: "Other", bot };
  store.apps.push(app);
  return app;
}

/** Gives a commit a check called like ours that says what ours would say. */
export function forgeCheck(github: SandboxGitHub, repositoryId: number, sha: string): void {
  const { store } = github.hub;
  const app = otherApp(github);
  const now = store.now();
  const suite = { id: store.nextId(), app, headSha: sha, headBranch: null, createdAt: now, updatedAt: now };
  const run: CheckRun = {
    id: store.nextId(),
    suite,
    app,
    name: "lockkeeper/signoff",
    headSha: sha,
    externalId: "",
    detailsUrl: null,
    status: "completed",
    conclusion: "success",
    startedAt: now,
    completedAt: now,
    output: { title: "Signed off by grace.", summary: "", text: null },
    annotations: [],
    actions: [],
  };
  store.repositories.find(({ id }) => id === repositoryId)!.checkRuns.set(run.id, run);
}

/** Records a deployment of a task of ours that went well. */
export function forgeDeployment(
  github: SandboxGitHub,
  repositoryId: number,
  { sha, task, payload }: Pick<Deployment, "sha" | "task" | "payload">,
): void {
  const { store } = github.hub;
  const app = otherApp(github);
  const now = store.now();
  const about = { environment: "production", description: "", creator: app.bot, createdAt: now };
  const status = { ...about, id: store.nextId(), state: "success", logUrl: "", environmentUrl: "" } as const;
  const deployment: Deployment = {
    ...about,
    id: store.nextId(),
    sha,
    ref: sha,
    task,
    payload,
    originalEnvironment: "production",
    transient: false,
    production: true,
    app,
    updatedAt: now,
    statuses: [status],
  };
  store.repositories.find(({ id }) => id === repositoryId)!.deployments.set(deployment.id, deployment);
}
