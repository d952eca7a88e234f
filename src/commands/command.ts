/** What a slash command is: where it makes sense, who may, and what it does, as data. */

import type { Permission } from "../model/pull.ts";

/** Where a comment stands. A pull request or drift issue is ours only when our App opened it. */
export type Place =
  | { readonly type: "our-pull" }
  | { readonly type: "pull" }
  /** `path` is the folder of the app that drifted. */
  | { readonly type: "drift"; readonly path: string }
  /** The issue that says that a landing keeps an app where it is. */
  | { readonly type: "unsigned"; readonly landing: UnsignedLanding }
  | { readonly type: "issue" }
  /** A pull request that waits to be opened, on the dashboard; `branch` is the one that it will have. */
  | { readonly type: "waiting"; readonly branch: string };

/** Everything of the default branch from `parent` up to `sha`, which is not proven for the app in the folder `path`. */
export interface UnsignedLanding {
  /** The app's hash. */
  readonly app: string;
  readonly path: string;
  readonly sha: string;
  readonly parent: string;
}

/** What a command wants done; the flow knows how. */
export type Effect =
  | { readonly type: "reply"; readonly markdown: string }
  /** Say no, with a sentence that names what is missing. */
  | { readonly type: "refuse"; readonly markdown: string }
  /** Leave an app, by its name or folder, as it is for so long; 0 ends that. */
  | { readonly type: "pause-app"; readonly app: string; readonly seconds: number; readonly why: string }
  /** Reply with the verdict of the sign-off rules over this pull request. */
  | { readonly type: "report-status" }
  /** Tell anew what merging this pull request would do to the cluster. */
  | { readonly type: "plan-merge" }
  /** Build this pull request anew on the head of the default branch; `discard`: without what others have pushed to it. */
  | { readonly type: "rebuild-pull"; readonly discard: boolean }
  /** Close this pull request and remember that its versions, or the one that is named, are not wanted. */
  | { readonly type: "hold-pull"; readonly version: string | null; readonly why: string | null }
  /** Forget that the versions of this pull request are not wanted. */
  | { readonly type: "resume-pull" }
  /** Have the app's drift looked at, with what this comment asks for; whoever does it reacts when it is done. */
  | { readonly type: "settle-drift"; readonly path: string }
  /** Let the landing count as proven; `commit` and `why` as they were typed. */
  | {
      readonly type: "accept-landing";
      readonly landing: UnsignedLanding;
      readonly commit: string;
      readonly why: string;
    }
  /** Let this pull request through as it is now. */
  | { readonly type: "override-check"; readonly why: string }
  /** Open a pull request that takes this merged one back. */
  | { readonly type: "take-back"; readonly why: string }
  | { readonly type: "scan" }
  /** Open the pull request of this branch although the limit or the hours say no. */
  | { readonly type: "open-waiting"; readonly branch: string };

export interface Command {
  readonly name: string;
  /** One line of help, a sentence. */
  readonly help: string;
  readonly places: readonly Place["type"][];
  /** For people: where that is. */
  readonly where: string;
  /** The least permission that whoever gives the command must have when it runs. */
  readonly permission: Permission;
  /** What may follow the name, for people: `[version] [why]`. Absent: nothing. */
  readonly takes?: string;
  /** `words` is what follows the name, without spaces at its ends. */
  run(place: Place, words: string): readonly Effect[];
}

/** As it is typed. */
export function usage({ name, takes }: Pick<Command, "name" | "takes">): string {
  return `/lockkeeper ${name}${takes === undefined ? "" : ` ${takes}`}`;
}

export const anywhere: readonly Place["type"][] = ["our-pull", "pull", "drift", "unsigned", "issue"];
