/** What the queue holds: names of things to look at, never decisions. */

import type { RepositoryRef } from "./repository.ts";

/**
 * One unit of work. The first six are flows that change something, `dashboard` doing what the ticked boxes of a repository's
 * dashboard say, and `plan` telling what a merge would do, `anew` where somebody asks for it; `reload` is one for a namespace
 * of the cluster (that of no name stands for all: what is not watched yet); the others only put such keys on the queue:
 * `apps` a deploy key for every app of a repository, `landings` the same and asks anew how landings came, `pulls` a check and a
 * plan key for every open pull request, `comments` a command key for every thread with a recent command, `resync` all of
 * these for every repository of every installation, `scans` only the scan key of each.
 */
export type Key =
  | { readonly flow: "scan"; readonly repository: RepositoryRef }
  | { readonly flow: "check"; readonly repository: RepositoryRef; readonly sha: string }
  | { readonly flow: "plan"; readonly repository: RepositoryRef; readonly sha: string; readonly anew?: true }
  | { readonly flow: "command"; readonly repository: RepositoryRef; readonly number: number }
  | { readonly flow: "deploy"; readonly repository: RepositoryRef; readonly path: string }
  | { readonly flow: "dashboard"; readonly repository: RepositoryRef }
  | { readonly flow: "apps"; readonly repository: RepositoryRef }
  | { readonly flow: "landings"; readonly repository: RepositoryRef }
  | { readonly flow: "pulls"; readonly repository: RepositoryRef }
  | { readonly flow: "comments"; readonly repository: RepositoryRef }
  | { readonly flow: "reload"; readonly namespace: string }
  | { readonly flow: "scans" }
  | { readonly flow: "resync" };

/** The same text for the same work, whatever name the repository has now. */
export function keyText(key: Key): string {
  switch (key.flow) {
    case "scans":
    case "resync":
      return key.flow;
    case "check":
      return `check ${key.repository.id} ${key.sha}`;
    case "plan":
      return `plan ${key.repository.id} ${key.sha}${key.anew === true ? " anew" : ""}`;
    case "command":
      return `command ${key.repository.id} ${key.number}`;
    case "deploy":
      return `deploy ${key.repository.id} ${key.path}`;
    case "reload":
      return `reload ${key.namespace}`;
    default:
      return `${key.flow} ${key.repository.id}`;
  }
}
