/** What scanning costs: listings per image, requests of an idle scan, and of one bump that opens. */

import { scan } from "../../src/flows/scan/scan.ts";
import { withoutTokens } from "./counting.ts";
import type { Measurement } from "./measurement.ts";
import { type Lockkeeper, must } from "./lockkeeper.ts";
import { imageCount, imageName } from "./repositories.ts";

/** A twentieth of the 18 s that Renovate 44 took for the same repository where the goals were written. */
const scanGoalSeconds = 0.9;
const on = "sandbox GitHub and registry";
const about = "500 manifests, 200 images, 200 tags each";

/** Leaves one open bump behind, and the dashboard. */
export async function scanCost(lockkeeper: Lockkeeper): Promise<readonly Measurement[]> {
  const cold = await scanOnce(lockkeeper);
  // The first scan has opened the dashboard, of which the next one hears: the repository has one more issue.
  await scanOnce(lockkeeper);
  const again = await scanOnce(lockkeeper);
  await lockkeeper.sandbox.registry.push(imageName(1), "1.20.0");
  const opening = await scanOnce(lockkeeper);
  const read = withoutTokens(again.github.seen).length;
  const labels = opening.github.seen.filter((line) => line.includes("/labels ")).length;
  const dashboard = opening.github.seen.filter((line) => /\/issues\/\d+ /.test(line)).length;
  return [
    { ...listings("listings per image, cold", cold), goal: 1.05 },
    { ...listings("listings per image, again", again), goal: 1.05 },
    {
      measure: `scan, cold, ${about}`,
      value: cold.seconds,
      unit: "s",
      goal: scanGoalSeconds,
      on,
      detail:
        `with the archive of the repository; ${cpu(cold)} s of processor time, the sandbox's included; ` +
        `again: ${again.seconds.toFixed(2)} s, ${cpu(again)} s of it`,
    },
    {
      measure: "GitHub, scan again with nothing new",
      value: again.github.total,
      unit: "requests",
      goal: 3,
      on,
      detail: again.github.seen.join(", "),
    },
    {
      measure: "GitHub, of these not answered with 304",
      value: again.github.total - again.github.notModified,
      unit: "requests",
      goal: 0,
      on,
      detail: again.github.seen.join(", "),
    },
    {
      measure: "GitHub, one bump opened, beyond the scan's own reads",
      value: withoutTokens(opening.github.seen).length - read - labels - dashboard,
      unit: "requests",
      goal: 6,
      on,
      detail: opening.github.seen.join(", "),
    },
    {
      measure: "GitHub, the dashboard that tells of it",
      value: dashboard,
      unit: "requests",
      goal: 2,
      on,
      detail: "a look for ticked boxes, and an edit",
    },
  ];
}

type Scanned = Awaited<ReturnType<typeof scanOnce>>;

async function scanOnce({ sandbox, world, repository, count }: Lockkeeper) {
  const before = sandbox.registry.requests.length;
  const asked = world.registry.requests;
  const began = performance.now();
  const cpu = process.cpuUsage();
  const github = await count(async () => must(await scan(world, repository)));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const registry = sandbox.registry.requests.slice(before);
  if (registry.length !== world.registry.requests - asked) {
    throw new Error(
      `the adapter counts ${world.registry.requests - asked} requests, the registry ${registry.length}`,
    );
  }
  return {
    github,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    listed: registry.filter(({ path }) => path.includes("/tags/list")).length,
    registry,
  };
}

const cpu = ({ cpuSeconds }: Scanned) => cpuSeconds.toFixed(2);

function listings(measure: string, { listed, registry }: Scanned) {
  const detail = `${registry.length} requests in all, ${registry.length - listed} of them for tokens and greetings`;
  return { measure, value: listed / imageCount, unit: "requests", on: "sandbox registry", detail } as const;
}
