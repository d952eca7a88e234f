/** When an object has its turn: waves and hooks, in our own words and in those of Argo CD and Helm. */

import type { KubernetesObject } from "../model/resource.ts";

/** Wave of an object: a whole number, smaller ones first; a wave begins when the one before it is healthy. */
export const waveAnnotation = "lockkeeper.dev/wave";

const argoWave = "argocd.argoproj.io/sync-wave";
const argoHook = "argocd.argoproj.io/hook";
const helmHook = "helm.sh/hook";
const helmWeight = "helm.sh/hook-weight";

const mostWave = 10_000;
/** Further apart than any two waves. */
const phaseWidth = 100_000;
const first = -2 * phaseWidth;

/**
 * `at`: sorts as the objects take their turns. `refused`: what it asks for is not done here, as half a sentence.
 * `leftOut`: it is not for an apply at all, and why.
 */
export type Turn = { readonly at: number } | { readonly refused: string } | { readonly leftOut: string };

type Phase = -1 | 0 | 1;

/** What an apply does of hooks: those before it, those after it. Of an upgrade and an install there is no difference here. */
const helmPhases: Readonly<Record<string, Phase>> = {
  "crd-install": -1,
  "pre-install": -1,
  "pre-upgrade": -1,
  "post-install": 1,
  "post-upgrade": 1,
};
const otherHelmHooks = new Set([
  "test",
  "test-success",
  "test-failure",
  "pre-delete",
  "post-delete",
  "pre-rollback",
  "post-rollback",
]);
const argoPhases: Readonly<Record<string, Phase>> = { PreSync: -1, Sync: 0, PostSync: 1 };

/** Whether an object is a step of a deployment rather than a part of the app: it may be run again in a new form. */
export function isHook({ metadata }: KubernetesObject): boolean {
  const notes = metadata.annotations ?? {};
  return notes[argoHook] !== undefined || notes[helmHook] !== undefined;
}

/**
 * Whether an object goes once its deployment is healthy, as `hook-succeeded` of Helm and `HookSucceeded` of Argo CD ask. Any
 * other policy leaves it until it is run again. https://helm.sh/docs/topics/charts_hooks/#hook-deletion-policies
 */
export function goesWhenDone(object: KubernetesObject): boolean {
  const notes = object.metadata.annotations ?? {};
  const said = [
    ...wordsOf(notes[`${argoHook}-delete-policy`]),
    ...wordsOf(notes[`${helmHook}-delete-policy`]),
  ];
  return isHook(object) && said.some((word) => ["HookSucceeded", "hook-succeeded"].includes(word));
}

export function turnOf(object: KubernetesObject): Turn {
  const notes = object.metadata.annotations ?? {};
  const phase = phaseOf(notes);
  if (typeof phase !== "number") return phase;
  const written = [waveAnnotation, argoWave, helmWeight].find((key) => notes[key] !== undefined);
  // Even what runs before everything else stands in a namespace.
  if (written === undefined && phase === 0 && object.kind === "Namespace") return { at: first };
  if (written === undefined) return { at: phase * phaseWidth };
  const text = String(notes[written]);
  const wave = /^[+-]?\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(wave) <= mostWave)) {
    return {
      refused: `its annotation ${written} is not a whole number between -${mostWave} and ${mostWave}`,
    };
  }
  return { at: phase * phaseWidth + wave };
}

function phaseOf(notes: Readonly<Record<string, string>>): Phase | Exclude<Turn, { at: number }> {
  const argo = wordsOf(notes[argoHook]);
  if (argo.length > 0) return argoPhase(argo);
  const helm = wordsOf(notes[helmHook]);
  const phases = helm.flatMap((word) => helmPhases[word] ?? []);
  if (helm.length === 0) return 0;
  const unknown = helm.find((word) => !Object.hasOwn(helmPhases, word) && !otherHelmHooks.has(word));
  if (unknown !== undefined) return { refused: `Helm has no hook ${unknown} (annotation ${helmHook})` };
  // Charts carry hooks for tests, rollbacks and their removal: no apply of anybody runs them.
  return phases[0] ?? { leftOut: `it is a Helm hook for ${helm.join(", ")}` };
}

function argoPhase(words: readonly string[]): Phase | Exclude<Turn, { at: number }> {
  if (words.includes("Skip")) return { leftOut: `its annotation ${argoHook} says Skip` };
  const unknown = words.find((word) => !Object.hasOwn(argoPhases, word));
  if (unknown !== undefined) {
    return { refused: `Lockkeeper runs no hook ${unknown} (annotation ${argoHook})` };
  }
  return argoPhases[words[0] ?? ""] ?? 0;
}

function wordsOf(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
