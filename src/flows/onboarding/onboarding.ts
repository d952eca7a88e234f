/** The pull request that offers a configuration to a repository that has none: opened once, kept up, closed when it is not needed. */

import { configPath } from "../../config/config.ts";
import { type Result, ok } from "../../model/failure.ts";
import type { Person, PullRequest } from "../../model/pull.ts";
import type { Head, RepositoryRef } from "../../model/repository.ts";
import { type OnboardingStep, type OpenOffer, onboardingStep } from "../../plan/onboarding-step.ts";
import {
  type OnboardingText,
  closedOnboarding,
  editedOnboarding,
  onboardingBranch,
  onboardingText,
  onboardingTitle,
  readOnboardingMarker,
} from "../../plan/onboarding-text.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { baseHistory } from "../landing/base-history.ts";
import { offerOf } from "./onboarding-offer.ts";
import { isOwnPull } from "../scan/own-pull.ts";
import { type BranchPlan, createBranch, isAllOurs, moveBranch } from "../scan/scan-branch.ts";
import type { World } from "../world.ts";

/** One repository at one commit of its default branch. */
export interface OnboardingHost {
  readonly world: World;
  readonly repository: RepositoryRef;
  readonly forge: RepositoryForge;
  readonly self: Person;
  readonly head: Head;
}

/**
 * Offers a configuration where images are found, in one pull request. Where a person has closed one nothing is done; on a
 * branch that a person has pushed to nothing is changed.
 */
export async function onboard(host: OnboardingHost): Promise<Result<void>> {
  const { world, repository, forge, head } = host;
  const offer = await offerOf(world, repository, forge.code, head.sha);
  if (!offer.ok) return offer;
  const pulls = await ownOffers(host);
  if (!pulls.ok) return pulls;
  const found = pulls.value.find(({ state }) => state === "open");
  const open = found === undefined ? ok(null) : await openOffer(host, found);
  if (!open.ok) return open;
  const text = offer.value === null ? null : onboardingText(offer.value);
  const past = pulls.value.filter((pull) => pull !== found);
  const step = onboardingStep({ text, open: open.value, past });
  if (step.type === "open" && (await isBehind(host, past[0]))) return ok(undefined);
  return perform(host, step);
}

/** Closes it where the default branch has a configuration by now. `pulls` are those that are open; absent: they are listed. */
export async function endOnboarding(
  host: OnboardingHost,
  pulls?: readonly PullRequest[],
): Promise<Result<void>> {
  const own = pulls === undefined ? await ownOffers(host) : ok(pulls.filter((pull) => isOwn(host, pull)));
  if (!own.ok) return own;
  const open = own.value.find(({ state }) => state === "open");
  if (open === undefined) return ok(undefined);
  return close(host, open, "the default branch has a configuration now.");
}

async function ownOffers(host: OnboardingHost): Promise<Result<readonly PullRequest[]>> {
  const listed = await host.forge.pulls.from(host.head.owner, onboardingBranch);
  return listed.ok ? ok(listed.value.filter((pull) => isOwn(host, pull))) : listed;
}

function isOwn(host: OnboardingHost, pull: PullRequest): boolean {
  return pull.headBranch === onboardingBranch && isOwnPull(host, pull);
}

/** Where people have made another branch the default one, it is pointed there first. */
async function openOffer(host: OnboardingHost, given: PullRequest): Promise<Result<OpenOffer>> {
  const { world, repository, forge, head } = host;
  const pull =
    given.baseBranch === head.branch
      ? ok(given)
      : await forge.pulls.update(given.number, { base: head.branch });
  if (!pull.ok) return pull;
  const { headSha, body } = pull.value;
  const marker = readOnboardingMarker(body);
  const tip = await tipOf(host, headSha, marker);
  if (!tip.ok) return tip;
  const isBelow = await baseHistory(world, repository, forge.code, head);
  const rooted = marker === undefined || tip.value === "foreign" ? ok(true) : await isBelow(marker.base);
  return rooted.ok ? ok({ pull: pull.value, tip: tip.value, uprooted: !rooted.value }) : rooted;
}

async function tipOf(
  { forge, head, self }: OnboardingHost,
  sha: string,
  marker: ReturnType<typeof readOnboardingMarker>,
): Promise<Result<OpenOffer["tip"]>> {
  if (marker?.commit === sha) return ok("ours");
  if (marker?.edited === sha) return ok("foreign");
  const compared = await forge.code.compare(head.sha, sha);
  if (compared.ok) return ok(isAllOurs(compared.value, self) ? "ours" : "foreign");
  return compared.failure.code === "incomplete" ? ok("foreign") : compared;
}

/** Whether GitHub has merged the last one and does not tell of it in the default branch yet. */
async function isBehind({ forge, head }: OnboardingHost, last: PullRequest | undefined): Promise<boolean> {
  if (last?.mergeCommitSha === undefined || last.mergeCommitSha === null) return false;
  const compared = await forge.code.compare(head.sha, last.mergeCommitSha);
  return compared.ok && compared.value.status === "ahead";
}

async function perform(host: OnboardingHost, step: OnboardingStep): Promise<Result<void>> {
  const { pulls } = host.forge;
  switch (step.type) {
    case "open":
      return open(host, step.text);
    case "rebuild":
      return rebuild(host, step);
    case "describe": {
      const { commit, base } = readOnboardingMarker(step.pull.body) ?? {
        commit: step.pull.headSha,
        base: host.head.sha,
      };
      return settled(await pulls.update(step.pull.number, { body: step.text.body({ commit, base }) }));
    }
    case "warn": {
      const body = editedOnboarding(step.pull.body, step.pull.headSha);
      return settled(await pulls.update(step.pull.number, { body }));
    }
    case "close":
      return close(host, step.pull, step.reason);
    default:
      return ok(undefined);
  }
}

async function open(host: OnboardingHost, text: OnboardingText): Promise<Result<void>> {
  const { world, repository, forge, head } = host;
  const free = await isFree(host);
  if (!free.ok || !free.value) return settled(free);
  const commit = await createBranch(forge.code, planOf(host, text));
  if (!commit.ok) return commit;
  const draft = { title: onboardingTitle, head: onboardingBranch, base: head.branch };
  const body = text.body({ commit: commit.value, base: head.sha });
  const created = await forge.pulls.create({ ...draft, body });
  if (created.ok)
    world.log.info({ repository: repository.id, pull: created.value.number }, "offered a configuration");
  return settled(created);
}

/** A branch of that name may be somebody else's. */
async function isFree(host: OnboardingHost): Promise<Result<boolean>> {
  const tip = await host.forge.code.branch(onboardingBranch);
  if (!tip.ok) return tip.failure.code === "not-found" ? ok(true) : tip;
  const made = await tipOf(host, tip.value, undefined);
  return made.ok ? ok(made.value === "ours") : made;
}

async function rebuild(
  host: OnboardingHost,
  { text, pull }: OnboardingStep & { type: "rebuild" },
): Promise<Result<void>> {
  const commit = await moveBranch(host.forge.code, planOf(host, text), pull.headSha);
  if (!commit.ok) return commit;
  const body = text.body({ commit: commit.value, base: host.head.sha });
  return settled(await host.forge.pulls.update(pull.number, { body }));
}

function planOf({ head, self }: OnboardingHost, { config }: OnboardingText): BranchPlan {
  const files = new Map([[configPath, new TextEncoder().encode(config)]]);
  return { branch: onboardingBranch, head, self, files, message: onboardingTitle };
}

/** A person who was quicker has said no, and that must not be written over: hence the look before. */
async function close(
  { world, repository, forge }: OnboardingHost,
  { number }: PullRequest,
  reason: string,
): Promise<Result<void>> {
  const now = await forge.pulls.get(number);
  if (!now.ok || now.value.state !== "open") return settled(now);
  const { body, headBranch, headSha } = now.value;
  const closed = await forge.pulls.update(number, { state: "closed", body: closedOnboarding(body, reason) });
  if (!closed.ok) return closed;
  world.log.info({ repository: repository.id, pull: number, reason }, "closed the offer of a configuration");
  // What somebody else has pushed is theirs to delete.
  return readOnboardingMarker(body)?.commit === headSha ? forge.code.deleteBranch(headBranch) : ok(undefined);
}

function settled(result: Result<unknown>): Result<void> {
  return result.ok ? ok(undefined) : result;
}
