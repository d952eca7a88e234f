/** The settings of `pulls`: which changes share a pull request, how many are open, when, and who is asked. */

import { z } from "zod";
import type { ChangeKind } from "../model/update.ts";
import { type OpeningHours, opening } from "./opening-settings.ts";
import { choice, reviewer, text, userLogin } from "./setting-types.ts";

/** Somebody who is asked to review. */
export type Reviewer =
  | { readonly type: "team"; readonly team: string }
  | { readonly type: "user"; readonly login: string };

export interface PullSettings {
  /** What shares a pull request: one image of an environment, one app, or all of an environment. */
  readonly group: "image" | "app" | "environment";
  /** Most bump pull requests open at once. */
  readonly limit: number;
  /** When new ones may be opened; null: always. */
  readonly open: OpeningHours | null;
  readonly labels: readonly string[];
  readonly reviewers: readonly Reviewer[];
  /** Logins. */
  readonly assignees: readonly string[];
  readonly draft: boolean;
  /** The kinds of changes that merge by themselves, by the name of the environment. */
  readonly automerge: Automerge;
}

/** Kinds of changes of an image's value. */
const kinds = ["major", "minor", "patch", "tag", "digest"] as const;

/** By the name of the environment; one that is not in it lets nothing merge by itself. */
export type Automerge = ReadonlyMap<string, readonly ChangeKind[]>;

export const pullSettings = z
  .strictObject({
    group: choice(["image", "app", "environment"]).default("image"),
    limit: z.int().min(1).max(100).default(10),
    open: opening.optional(),
    labels: z.array(z.string().min(1).max(50)).max(20).default(["lockkeeper"]),
    reviewers: z.array(reviewer).max(15).default([]),
    assignees: z.array(userLogin).max(10).default([]),
    draft: z.boolean().default(false),
    automerge: z.record(text, z.array(choice(kinds))).default({}),
  })
  .transform((given): PullSettings => ({
    ...given,
    open: given.open ?? null,
    automerge: new Map(Object.entries(given.automerge)),
  }));
