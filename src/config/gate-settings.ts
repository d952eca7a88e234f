/** Which settings of an app go together with its mode: in `gate` another engine applies, everywhere else none does. */

import type { z } from "zod";
import { type Engine, type Mode, engines, modes } from "../model/app.ts";

interface Entry {
  readonly mode: Mode;
  readonly engine?: Engine;
  readonly prune?: unknown;
  readonly drift?: unknown;
  readonly dependsOn?: unknown;
}

type Setting = "engine" | "prune" | "drift" | "dependsOn";
/** Half a sentence that says what is wrong; undefined where nothing is. */
type Rule = (entry: Entry) => string | undefined;

const names: Readonly<Record<Exclude<Engine, "own">, string>> = { flux: "Flux", argocd: "Argo CD" };

const rules: Readonly<Record<Setting, Rule>> = {
  engine: ({ mode, engine = "own" }) =>
    engine !== "own" && mode !== "gate"
      ? `"${engine}" goes with mode: gate, where ${names[engine]} applies what was signed off; in mode ${mode} it has nothing to follow`
      : undefined,
  prune: ({ mode, prune }) => (mode === "gate" && prune === true ? notOurs("prunes") : undefined),
  drift: ({ mode, drift }) => (mode === "gate" && drift === "heal" ? notOurs("heals") : undefined),
  dependsOn: ({ mode, dependsOn }) =>
    mode === "gate" && Array.isArray(dependsOn) && dependsOn.length > 0 ? notOurs("waits") : undefined,
};

function notOurs(does: string): string {
  return `goes with mode: apply; in mode gate Lockkeeper applies nothing, and only what follows the branch ${does}`;
}

/** Checked even where other settings of the entry are wrong, so that all problems come at once. */
export function goesWithMode(key: Setting): Parameters<z.ZodType["refine"]> {
  const problem = (entry: unknown): string | undefined => (isEntry(entry) ? rules[key](entry) : undefined);
  return [
    (entry: unknown) => problem(entry) === undefined,
    { path: [key], when: () => true, error: (issue: { input?: unknown }) => problem(issue.input) ?? "" },
  ];
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { mode, engine = "own" } = value as { readonly mode?: unknown; readonly engine?: unknown };
  return modes.some((each) => each === mode) && engines.some((each) => each === engine);
}
