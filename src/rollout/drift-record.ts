/** What a drift issue keeps in its hidden markers: what it said last, and which findings people have hidden. */

import { isRecord } from "./json-path.ts";
import { makeMarker, readMarker } from "../text/marker.ts";

/** Of the newest text. Losing it costs a comment that says something again. */
export interface DriftRecord {
  /** The app's hash. */
  readonly app: string;
  /** The folder of the app: the command flow reads it. */
  readonly path: string;
  /** Keys of the findings that it shows. */
  readonly keys: readonly string[];
  /** Keys of those that come and go, which was said. */
  readonly flapping: readonly string[];
  /** Whom its first text mentions: `ada`, `acme/sre`. */
  readonly owners: readonly string[];
}

/** Findings that somebody does not want to hear of for a while; the time is ISO 8601. */
export interface Hiding {
  readonly until: string;
  /** Login. */
  readonly by: string;
  readonly keys: readonly string[];
}

const most = 500;
const owner = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:\/[A-Za-z0-9_.-]{1,100})?$/;

export function recordMarker({ app, path, keys, flapping, owners }: DriftRecord): string {
  return makeMarker("drift", {
    app,
    path,
    keys: keys.slice(0, most),
    flapping: flapping.slice(0, most),
    owners,
  });
}

/** Undefined where the text is of no drift issue. What is missing or odd in it is left out. */
export function readRecord(body: string): DriftRecord | undefined {
  const value = readMarker(body, "drift");
  if (!isRecord(value) || typeof value["app"] !== "string" || typeof value["path"] !== "string")
    return undefined;
  const { app, path } = value as { app: string; path: string };
  const owners = texts(value["owners"])
    .filter((name) => owner.test(name))
    .slice(0, 10);
  return { app, path, keys: texts(value["keys"]), flapping: texts(value["flapping"]), owners };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** `seal` proves later that the App has written it: people may edit the text around it. */
export function hidingMarker({ until, by, keys }: Hiding, seal: (text: string) => string): string {
  const hiding = { until, by, keys: keys.slice(0, most) };
  return makeMarker("drift-hidden", { ...hiding, seal: seal(sealText(hiding)) });
}

/** Null where there is none, or none that the App has written as it stands there. */
export function readHiding(body: string, seal: (text: string) => string): Hiding | null {
  const value = readMarker(body, "drift-hidden");
  if (!isRecord(value)) return null;
  const { until, by } = value;
  if (typeof until !== "string" || typeof by !== "string" || Number.isNaN(Date.parse(until))) return null;
  const hiding = { until, by, keys: texts(value["keys"]) };
  return value["seal"] === seal(sealText(hiding)) ? hiding : null;
}

function sealText({ until, by, keys }: Hiding): string {
  return `drift-hidden\n${JSON.stringify([until, by, keys])}`;
}
