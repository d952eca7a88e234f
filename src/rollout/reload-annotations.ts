/** What the annotations of a workload ask for: ours, and those of stakater/Reloader with their meaning. One table. */

import { RE2JS } from "re2js";
import type { ConfigKind } from "./reload-references.ts";

type Annotations = Readonly<Record<string, string>>;

/** `auto` or `off` on a workload; `off` on a ConfigMap or Secret as well. */
export const reloadAnnotation = "lockkeeper.dev/reload";

/** By what each says; those of one kind by kind. Names and meaning: https://github.com/stakater/Reloader */
const names = {
  auto: "reloader.stakater.com/auto",
  search: "reloader.stakater.com/search",
  match: "reloader.stakater.com/match",
  ignore: "reloader.stakater.com/ignore",
  strategy: "reloader.stakater.com/rollout-strategy",
  pause: "deployment.reloader.stakater.com/pause-period",
} as const;

const namesByKind: Readonly<Record<ConfigKind, { auto: string; named: string; exclude: string }>> = {
  ConfigMap: of("configmap", "configmaps"),
  Secret: of("secret", "secrets"),
  SecretProviderClass: of("secretproviderclass", "secretproviderclasses"),
};

function of(one: string, many: string) {
  return {
    auto: `${one}.reloader.stakater.com/auto`,
    named: `${one}.reloader.stakater.com/reload`,
    exclude: `${many}.exclude.reloader.stakater.com/reload`,
  };
}

/** What a workload asks for of one kind. */
export interface Wish {
  /** Every object that its template uses. */
  readonly auto: boolean;
  /** Those of them that carry the annotation `match`. */
  readonly search: boolean;
  /** Those whose names match, used or not. */
  readonly named: readonly RE2JS[];
  /** Never these, by name. */
  readonly excluded: readonly string[];
}

/** What a ConfigMap, Secret or SecretProviderClass says of itself. */
export interface Marks {
  readonly match: boolean;
  readonly ignore: boolean;
}

export function marksOf(annotations: Annotations): Marks {
  const ignore = annotations[names.ignore] === "true" || annotations[reloadAnnotation] === "off";
  return { match: annotations[names.match] === "true", ignore };
}

/**
 * The annotations of the pod template count where the workload itself has none of those that ask for something; what is
 * excluded stands on the workload. Null where nothing is asked for.
 */
export function wishOf(kind: ConfigKind, workload: Annotations, template: Annotations): Wish | null {
  if (workload[reloadAnnotation] === "off") return null;
  const { auto, named, exclude } = namesByKind[kind];
  const asking = [reloadAnnotation, names.auto, names.search, auto, named];
  const said = asking.some((name) => name in workload) ? workload : template;
  const wish = {
    auto: said[reloadAnnotation] === "auto" || isTrue(said[names.auto]) || isTrue(said[auto]),
    search: said[names.search] === "true",
    named: listed(said[named]).flatMap((pattern) => compiled(pattern) ?? []),
    excluded: listed(workload[exclude]),
  };
  return wish.auto || wish.search || wish.named.length > 0 ? wish : null;
}

/** Whether a wish covers an object; `used` says that the template refers to it. */
export function wants(wish: Wish | null, name: string, used: boolean, marks: Marks): boolean {
  if (wish === null || marks.ignore || wish.excluded.includes(name)) return false;
  if (wish.named.some((pattern) => pattern.matches(name))) return true;
  return used && (wish.auto || (wish.search && marks.match));
}

/** Everything in the annotations that is not understood, one sentence each. */
export function annotationProblems(workload: Annotations, template: Annotations): readonly string[] {
  const own = workload[reloadAnnotation];
  const kinds = Object.values(namesByKind);
  const patterns = kinds.flatMap(({ named }) => listed(workload[named] ?? template[named]));
  const pause = workload[names.pause];
  return [
    ...(own === undefined || own === "auto" || own === "off"
      ? []
      : [`${reloadAnnotation} must be auto or off`]),
    ...patterns
      .filter((pattern) => compiled(pattern) === null)
      .map((pattern) => `"${pattern}" is no regular expression`),
    ...(pause === undefined || goDuration(pause) !== null ? [] : [`${names.pause} must be like 5m or 1h30m`]),
  ];
}

/** For a Deployment: how long changes are gathered before they roll it, in milliseconds; null where it does not say. */
export function pausePeriodMs(kind: string, workload: Annotations): number | null {
  const said = workload[names.pause];
  return kind === "Deployment" && said !== undefined ? goDuration(said) : null;
}

/** Whether an Argo Rollout is to be restarted by its controller instead of getting a new template. */
export function restartsOnly(kind: string, workload: Annotations): boolean {
  return kind === "Rollout" && workload[names.strategy] === "restart";
}

/** The annotations that matter here; nothing else of an object's is kept. */
export function ownAnnotations(annotations: Annotations | undefined): Annotations {
  const entries = Object.entries(annotations ?? {});
  return Object.fromEntries(
    entries.filter(([name]) => name === reloadAnnotation || name.includes("reloader.stakater.com/")),
  );
}

const truths = new Set(["1", "t", "T", "TRUE", "true", "True"]);

/** As Go's strconv.ParseBool. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && truths.has(text);
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const patterns = new Map<string, RE2JS | null>();

function compiled(pattern: string): RE2JS | null {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  if (patterns.size >= 1000) patterns.clear();
  const made = tryCompile(pattern);
  patterns.set(pattern, made);
  return made;
}

function tryCompile(pattern: string): RE2JS | null {
  if (pattern.length > 1000) return null;
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null;
  }
}

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

/** Milliseconds of a Go duration like `1h30m`; null for anything else, and for nothing or less. */
function goDuration(text: string): number | null {
  if (!/^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  const parts = text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g);
  const total = [...parts].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit.replace("µ", "u")] ?? 0),
    0,
  );
  return total > 0 ? total : null;
}
