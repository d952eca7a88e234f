import { afterEach, beforeEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { appHash } from "../../../src/rollout/app-hash.ts";
import { forgeDeployment } from "../../attacks/other-app.ts";
import { checked, moveMain, openPull, pushFile, review } from "../signoff-steps.ts";
import { type SignoffWorld, config, deployment, startSignoff, webFile } from "../signoff-world.ts";
import { value } from "../user-call.ts";

const rules = config.replace("approvals: 1, anyOf: [team:acme/sre]", "approvals: 2, anyOf: [team:acme/sre]");
const quick = `${rules}    - name: quick-rollback
      when: { kind: rollback }
      need: { approvals: 1, anyOf: [user:ada] }
      instead: [production]
`;

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff({ [configPath]: quick });
});
afterEach(() => signoff.github.stop());

async function head(): Promise<string> {
  return value(await signoff.forge.open(signoff.repository, "check").code.head()).sha;
}

/** As the deploy flow records what runs, and how it went. */
async function deployed(sha: string, state: "success" | "failure"): Promise<void> {
  const { deployments } = signoff.forge.open(signoff.repository, "deploy");
  const app = appHash(signoff.repository.id, "apps/web/production");
  const draft = { sha, task: "lockkeeper:web-production", environment: "production", description: "" };
  const made = value(await deployments.create({ ...draft, payload: { app } }));
  value(await deployments.addStatus(made.id, { state, description: "" }));
}

/** The title of the check of Linus's pull request that writes this, approved by Ada. */
async function titleOf(text: string, also?: { path: string; text: string }): Promise<string | undefined> {
  const branch = `back-${signoff.github.hub.store.nextId()}`;
  let sha = await pushFile(signoff, "linus", branch, { path: webFile, text });
  if (also !== undefined) sha = await pushFile(signoff, "linus", branch, also);
  const number = await openPull(signoff, "linus", branch);
  signoff.pass();
  await review(signoff, "ada", number);
  return (await checked(signoff, sha))?.title;
}

test("back to what ran well is a rollback, whoever wrote it and whatever it is called", async () => {
  await deployed(await head(), "success");
  await moveMain(signoff, webFile, deployment("2.0.0"));
  expect(await titleOf(deployment("1.0.0"))).toBe("Signed off by ada.");
  const docs = { path: "README.md", text: "Rolled back.\n" };
  expect(await titleOf(deployment("1.0.0"), docs)).toBe("Signed off by ada.");
});

test("nothing else is: what failed, what only looks like it, what another has recorded, and more than that", async () => {
  const first = await head();
  await deployed(first, "failure");
  const forged = { ref: first, task: "lockkeeper:web-production", auto_merge: false, required_contexts: [] };
  const payload = { app: appHash(signoff.repository.id, "apps/web/production") };
  const made = await signoff.as("mallory", "POST", "/deployments", { ...forged, payload });
  await signoff.as("mallory", "POST", `/deployments/${made.id}/statuses`, { state: "success" });
  const task = "lockkeeper:web-production";
  forgeDeployment(signoff.github, signoff.repository.id, { sha: first, task, payload });
  await moveMain(signoff, webFile, deployment("2.0.0"));
  expect(await titleOf(deployment("1.0.0"))).toMatch(/^Waiting for 2 of acme\/sre/);
  await deployed(first, "success");
  expect(await titleOf(deployment("1.0.0", "other words"))).toMatch(/^Waiting for 2/);
  const beside = { path: "apps/web/production/new.yaml", text: "kind: ConfigMap\n" };
  expect(await titleOf(deployment("1.0.0"), beside)).toMatch(/^Waiting for 2/);
  expect(await titleOf(deployment("1.0.0"))).toBe("Signed off by ada.");
});

test("nor is one onto a branch that has changed the app since it was begun", async () => {
  await deployed(await head(), "success");
  await moveMain(signoff, webFile, deployment("2.0.0"));
  const sha = await pushFile(signoff, "linus", "back", { path: webFile, text: deployment("1.0.0") });
  const number = await openPull(signoff, "linus", "back");
  await moveMain(signoff, "apps/web/production/new.yaml", "kind: ConfigMap\n");
  await review(signoff, "ada", number);
  expect((await checked(signoff, sha))?.title).toMatch(/^Waiting for 2/);
});
