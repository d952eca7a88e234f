/** The policy of an image that another tool's settings choose for: the same choices, without a line of ours. */

import { type Result, fail } from "../model/failure.ts";
import type { ImageReference } from "../model/image.ts";
import type { Statement } from "../model/update.ts";
import type { ImagePolicy } from "../tags/policy.ts";
import type { Adopted } from "./adopted.ts";
import { fromArgo } from "./from-argo.ts";
import { fromFlux } from "./from-flux.ts";
import { fromRenovate } from "./from-renovate.ts";

/** A new tool is one file and one line here. */
const tools: Readonly<
  Record<Statement["tool"], (settings: Statement["settings"], image: ImageReference) => Adopted>
> = {
  flux: fromFlux,
  renovate: fromRenovate,
  argocd: fromArgo,
};

/** `unsupported` where it cannot be followed; the message says why in a sentence. */
export function adoptedPolicy(
  { tool, name, settings, problem }: Statement,
  image: ImageReference,
): Result<ImagePolicy> {
  const adopted = problem === undefined ? tools[tool](settings, image) : { problem };
  if ("problem" in adopted) return fail("unsupported", `${name} ${adopted.problem}.`);
  return { ok: true, value: adopted };
}
