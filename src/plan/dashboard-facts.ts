/** What a dashboard tells, as facts. */

import type { Problem } from "../config/config.ts";
import type { App } from "../model/app.ts";
import type { FailureCode } from "../model/failure.ts";
import type { AppPause } from "./pauses.ts";

export interface DashboardFacts {
  /** Of the configuration; with any of them nothing else is known. */
  readonly problems: readonly Problem[];
  /** What is wrong with the apps together, a sentence each. */
  readonly overlaps: readonly string[];
  readonly apps: readonly AppState[];
  /** Apps that people have paused, and for which that is not over. */
  readonly paused: readonly AppPause[];
  readonly open: readonly OpenBump[];
  readonly waiting: readonly WaitingBump[];
  readonly young: readonly YoungImage[];
  readonly held: readonly HeldVersion[];
  readonly observed: readonly ObservedImage[];
  readonly failing: readonly FailingImage[];
  readonly untracked: readonly UntrackedPlace[];
}

export interface AppState {
  readonly app: App;
  readonly images: number;
}

/** A pull request of ours that is open. */
export interface OpenBump {
  readonly number: number;
  readonly title: string;
  /** Somebody else has pushed to it. */
  readonly edited: boolean;
}

/** A pull request that is wanted and not opened now. */
export interface WaitingBump {
  readonly branch: string;
  readonly title: string;
  /** A sentence. */
  readonly reason: string;
  /** Whether a person may have it opened all the same. */
  readonly openable: boolean;
}

/** A tag that only has to become older. */
export interface YoungImage {
  readonly image: string;
  readonly tag: string;
  readonly environment: string;
  /** Seconds since 1970. */
  readonly until: number;
}

/** A version that people have said no to. */
export interface HeldVersion {
  readonly image: string;
  readonly value: string;
  readonly file: string;
  readonly pull: number;
  readonly reason: "closed" | "reverted";
}

/** An image of an app that is only looked at; `to` is null where it would stay. */
export interface ObservedImage {
  readonly place: string;
  readonly image: string;
  readonly from: string;
  readonly to: string | null;
}

export interface FailingImage {
  readonly registry: string;
  readonly image: string;
  readonly code: FailureCode;
}

export interface UntrackedPlace {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}
