/** Looks up what is told of the images that a pull request moves to; whatever cannot be had is left out. */

import { type ImageReference, parseImageReference } from "../../model/image.ts";
import type { ImageLabels } from "../../model/image-labels.ts";
import type { Result } from "../../model/failure.ts";
import type { ImageValue } from "../../model/update.ts";
import { valueText } from "../../manifests/image-value.ts";
import type { BumpFacts, FactsOf, Move } from "../../plan/bump-facts.ts";
import { type SourceRepository, comparePage, sourceRepository } from "../../plan/image-source.ts";
import { releasesBetween } from "../../plan/release-notes.ts";
import type { Unit } from "../../plan/unit.ts";
import type { RepositoryForge } from "../../ports/forge.ts";
import { inFlight } from "../in-flight.ts";
import type { World } from "../world.ts";

/** Images looked up at most: a pull request that moves more is read by nobody for their news. */
const mostImages = 20;
const atOnce = 4;

/** Only asked when a text is written. Registries and sources that do not answer are passed over: a bump waits for neither. */
export async function factsOf(
  {
    world,
    forge,
    webUrl,
  }: { readonly world: World; readonly forge: RepositoryForge; readonly webUrl: string },
  unit: Unit,
): Promise<FactsOf> {
  const moves = [...new Map(unit.bumps.map((bump) => [keyOf(bump), bump])).values()].slice(0, mostImages);
  const found = await inFlight(atOnce, moves, async (move) => {
    return [keyOf(move), await lookUp({ world, forge, webUrl }, move)] as const;
  });
  const facts = new Map(found);
  return (move) => facts.get(keyOf(move)) ?? undefined;
}

function keyOf({ occurrence: { image }, from, to }: Move): string {
  return JSON.stringify([image, valueText(from), valueText(to)]);
}

async function lookUp(
  { world: { registry }, forge, webUrl }: Parameters<typeof factsOf>[0],
  { occurrence, from, to }: Move,
): Promise<BumpFacts | null> {
  const image = parseImageReference(occurrence.image);
  if (!image.ok) return null;
  const digest = to.digest ?? (await digestOf(registry, image.value, to.tag));
  if (digest === null) return null;
  const platforms = had(await registry.platforms(image.value, digest)) ?? [];
  const labels = had(await registry.labels(image.value, digest));
  const source = labels?.source === null || labels === null ? null : sourceRepository(labels.source, webUrl);
  const news =
    source === null
      ? noNews
      : await newsOf({ registry, forge, webUrl }, { image: image.value, from, to, labels, source });
  return { digest, platforms, built: labels?.created ?? null, ...news };
}

const noNews = { compare: null, releases: [] };

interface Sourced {
  readonly image: ImageReference;
  readonly from: ImageValue;
  readonly to: ImageValue;
  readonly labels: ImageLabels | null;
  readonly source: SourceRepository;
}

async function newsOf(
  {
    registry,
    forge,
    webUrl,
  }: { readonly registry: World["registry"] } & Omit<Parameters<typeof factsOf>[0], "world">,
  { image, from, to, labels, source }: Sourced,
): Promise<Pick<BumpFacts, "compare" | "releases">> {
  const current = from.digest ?? from.tag;
  const old = current === null ? null : had(await registry.labels(image, current));
  const revisions = { from: old?.revision ?? null, to: labels?.revision ?? null };
  const releases = had(await forge.sources.releases(source)) ?? [];
  return {
    compare: comparePage(webUrl, source, revisions),
    releases: releasesBetween(releases, { from: from.tag, to: to.tag }),
  };
}

async function digestOf(
  registry: World["registry"],
  image: ImageReference,
  tag: string | null,
): Promise<string | null> {
  return tag === null ? null : (had(await registry.resolve(image, tag))?.digest ?? null);
}

function had<T>(result: Result<T>): T | null {
  return result.ok ? result.value : null;
}
