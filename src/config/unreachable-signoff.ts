/** Parts of the sign-off rules that are valid and ask for nothing: a freeze that is over, code owners of whom there is no list. */

import { codeownersPaths } from "../signoff/codeowners.ts";
import { isCodeowners } from "../signoff/demand.ts";
import type { Need } from "../signoff/rule.ts";
import { matchesGlob } from "../text/glob.ts";
import type { Config } from "./config.ts";
import type { SettingPath } from "./settings-text.ts";
import type { Unreachable } from "./unreachable.ts";

/** Freezes that have ended, or stand over no environment of an app. */
export function idleFreezes(
  { signoff }: Config,
  environments: readonly string[],
  now: Date,
): readonly Unreachable[] {
  return signoff.freeze.flatMap((freeze, index): readonly Unreachable[] => {
    const path = ["signoff", "freeze", index];
    const over = Date.parse(freeze.ends) <= now.getTime();
    if (over) return [{ path: [...path, "ends"], message: `freeze "${freeze.name}" is over` }];
    const { environments: globs } = freeze;
    if (globs === undefined || environments.some((name) => matchesGlob(globs, name))) return [];
    const wanted = globs.map((glob) => `"${glob}"`).join(" or ");
    const message = `freeze "${freeze.name}" can never match: no app has the environment ${wanted}`;
    return [{ path: [...path, "environments"], message }];
  });
}

/** Where code owners are asked and there is no CODEOWNERS among the files. */
export function ownersWithoutFile({ signoff }: Config, files: readonly string[]): readonly Unreachable[] {
  if (codeownersPaths.some((path) => files.includes(path))) return [];
  const needs: readonly (readonly [SettingPath, Need])[] = [
    [["signoff", "default"], signoff.default],
    ...signoff.rules.map(({ need }, index) => [["signoff", "rules", index, "need"], need] as const),
  ];
  return needs.flatMap(([path, need]): readonly Unreachable[] => {
    const asks = need.some(({ anyOf }) => anyOf.some(isCodeowners));
    return asks ? [{ path, message: "asks code owners, but there is no CODEOWNERS file" }] : [];
  });
}
