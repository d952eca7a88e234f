/** The pull request that writes live values into Git: at most one is open for an app, signed off like any other. */

import { createHash } from "node:crypto";
import { type Result, fail, ok } from "../../model/failure.ts";
import type { App } from "../../model/app.ts";
import type { Person, PullRequest } from "../../model/pull.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { adoptionBody, adoptionTitle } from "../../rollout/adoption-text.ts";
import { objectName } from "../../rollout/drift-findings.ts";
import type { Inventory } from "../../rollout/inventory.ts";
import { makeMarker } from "../../text/marker.ts";
import type { AdoptedField, Adoption } from "./adopt-objects.ts";
import { type Bench, openBench } from "../check/check-bench.ts";
import type { DeployWorld } from "../deploy/deploy-world.ts";
import { issueOf } from "./drift-issue.ts";
import { isAllOurs } from "../scan/scan-branch.ts";

export interface AdoptionWish {
  readonly app: App;
  /** Who asked for it, and therefore cannot approve it. */
  readonly by: Person;
  readonly adoption: Adoption;
}

/** Answers its number; `rejected` where people have pushed to the branch of the one that is open. */
export async function openAdoption(
  world: DeployWorld,
  inventory: Inventory,
  wish: AdoptionWish,
): Promise<Result<number>> {
  const { head } = wish.adoption;
  const { repository } = inventory;
  const forge = world.forge.open(repository, "scan");
  const site = { repository, forge: world.forge.open(repository, "check") };
  const bench = await openBench(world, site, head);
  if (!bench.ok) return bench;
  if (bench.value === null) return fail("rejected", "the default branch has no configuration");
  const branch = branchOf(wish.app, inventory);
  const known = await forge.pulls.from(head.owner, branch);
  if (!known.ok) return known;
  const open = known.value.find(({ state }) => state === "open");
  const tip = await ownTip(forge, bench.value, { head: head.sha, branch, open });
  if (!tip.ok) return tip;
  const written = await forge.code.writeBranch({ ...contentOf(wish), branch, expected: tip.value });
  if (!written.ok) return written;
  const text = textOf(wish, issueOf(world, inventory.app)?.number ?? null);
  const made =
    open === undefined
      ? await forge.pulls.create({ ...text, head: branch, base: head.branch })
      : await forge.pulls.update(open.number, text);
  return made.ok ? label(forge, bench.value, made.value) : made;
}

/** One for an app. */
function branchOf({ name }: App, { app }: Inventory): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 48);
  const hash = createHash("sha256").update(app).digest("hex").slice(0, 10);
  return `lockkeeper/adopt/${slug === "" ? "app" : slug}-${hash}`;
}

/** Where the branch stands; what people have pushed to an open one is not thrown away. */
async function ownTip(
  { code }: RepositoryForge,
  { self }: Bench,
  {
    head,
    branch,
    open,
  }: { readonly head: string; readonly branch: string; readonly open: PullRequest | undefined },
): Promise<Result<string | null>> {
  const tip = await code.branch(branch);
  if (!tip.ok) return tip.failure.code === "not-found" ? ok(null) : tip;
  if (open === undefined) return ok(tip.value);
  const compared = await code.compare(head, tip.value);
  if (!compared.ok) return compared;
  if (isAllOurs(compared.value, self)) return ok(tip.value);
  return fail("rejected", `people have pushed to the branch of #${open.number}: merge or close that first`);
}

function contentOf({ app, by, adoption: { head, files } }: AdoptionWish) {
  const who = `${by.login} <${by.id}+${by.login}@users.noreply.github.com>`;
  const message = `Adopt what the cluster has of ${app.name}\n\nCo-authored-by: ${who}`;
  return { parent: head.sha, parentTree: head.tree, files, message };
}

function textOf({ app, by, adoption }: AdoptionWish, issue: number | null) {
  const fields = adoption.adopted.map(writtenField);
  const about = { by: by.login, issue, fields, left: adoption.left };
  const marker = makeMarker("adopt", { path: app.path });
  return { title: adoptionTitle(app.name, fields), body: adoptionBody(app.name, about, marker) };
}

function writtenField({ of: { found }, field, file }: AdoptedField) {
  const { id, fields } = found.drift;
  return {
    object: objectName(id),
    path: field.path,
    drift: fields.find(({ path }) => path === field.path),
    file,
  };
}

/** The labels come last, so that one with none is labelled by whoever asks for it next. */
async function label(
  { issues }: RepositoryForge,
  { policy }: Bench,
  { number, labels }: PullRequest,
): Promise<Result<number>> {
  const wanted = policy.type === "rules" ? policy.config.pulls.labels : [];
  if (labels.length > 0 || wanted.length === 0) return ok(number);
  const added = await issues.addLabels(number, wanted);
  return added.ok ? ok(number) : added;
}
