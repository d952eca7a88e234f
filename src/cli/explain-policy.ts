/** The options of `lockkeeper explain` as the policy that a configuration would give. */

import { imageRule, imagePolicyOf } from "../config/image-settings.ts";
import type { ImagePolicy } from "../tags/policy.ts";
import { parsePolicy } from "../tags/policy-text.ts";
import { UsageError } from "./usage-error.ts";

/** As commander reads them. */
export interface ExplainOptions {
  readonly policy?: string;
  readonly pattern?: string;
  readonly extract?: string;
  readonly ignore?: readonly string[];
  readonly prerelease?: boolean;
  readonly minimumAge?: string;
  readonly platforms?: readonly string[];
}

/** Checked like an entry of `images`; a `UsageError` names the option that is wrong. */
export function explainPolicy(options: ExplainOptions): ImagePolicy {
  const parsed = parsePolicy(options.policy ?? "semver");
  if (!parsed.ok) throw new UsageError(parsed.failure.message);
  const policy = parsed.value;
  const { pattern, extract, ignore, prerelease, minimumAge, platforms } = options;
  const entry = imageRule.safeParse({
    match: "**",
    policy: written(policy),
    tags: { pattern, extract, ignore, prerelease, minimumAge, platforms },
  });
  if (entry.success) return { ...imagePolicyOf(entry.data), policy };
  const [issue] = entry.error.issues;
  const [part, setting] = issue?.path ?? [];
  const option =
    part === "policy" ? "policy" : String(setting).replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${option}: ${issue?.message ?? ""}`);
}

/** As the entry has it; what only other tools' settings can ask for has no entry. */
function written(policy: ImagePolicy["policy"]): object {
  if (policy.type === "digest") return { digest: true };
  if (policy.type === "calver") return { calver: policy.format };
  if ("order" in policy) return { [policy.type]: policy.order };
  if (policy.type !== "semver" || policy.range === null) return {};
  return { semver: policy.range, dialect: policy.dialect === "node" ? "node" : "masterminds" };
}
