/** Decides whether an actor may take a route: what it may not see is not found, what it may not do is refused. */

import { includesRole, levelOf, maySee, covers, roleOf, type Actor } from "./actor.ts";
import { ApiError, notAccessible, notFound } from "./api-error.ts";
import type { Need, Route } from "./router.ts";
import type { Repository } from "./repository-state.ts";
import { findRepository, type Store } from "./store.ts";

/** The repository of `{owner}/{repo}`, if the route has them and the actor may see it. */
export function visibleRepository(
  store: Store,
  actor: Actor,
  params: Readonly<Record<string, string>>,
): Repository | undefined {
  if (params["owner"] === undefined || params["repo"] === undefined) return undefined;
  const repository = findRepository(store, params["owner"], params["repo"]);
  if (!repository) throw notFound();
  // The App itself sees where it is installed, nothing else.
  const visible =
    actor.kind === "app"
      ? store.installations.some((one) => one.app === actor.app && one.repositories.has(repository))
      : maySee(store, actor, repository);
  if (!visible) throw notFound();
  return repository;
}

/** Throws 401, 403 or 404 as GitHub does. */
export function authorize(
  store: Store,
  actor: Actor,
  route: Route,
  repository: Repository | undefined,
): void {
  if (route.as === "app") {
    if (actor.kind !== "app") {
      throw new ApiError(401, "A JSON web token could not be decoded");
    }
    return;
  }
  if (actor.kind === "app") {
    throw new ApiError(403, "Resource not accessible by integration");
  }
  const writes = route.method !== "GET";
  if (actor.kind === "anonymous") {
    if (writes) throw new ApiError(401, "Requires authentication");
    return;
  }
  if (actor.kind === "user") return authorizeUser(store, actor, { route, repository });
  authorizeInstallation(actor, route, repository);
}

function authorizeUser(
  store: Store,
  actor: Actor & { kind: "user" },
  { route, repository }: { route: Route; repository: Repository | undefined },
): void {
  if (!repository) return;
  const writes = needsOf(route).some(({ level }) => level === "write") || route.method !== "GET";
  const wanted = route.role ?? (writes ? "write" : "read");
  if (includesRole(roleOf(store, repository, actor.user), wanted)) return;
  throw wanted === "admin"
    ? new ApiError(403, "Must have admin rights to Repository.")
    : new ApiError(403, "Resource not accessible by personal access token");
}

function authorizeInstallation(
  actor: Actor & { kind: "installation" },
  route: Route,
  repository: Repository | undefined,
): void {
  const needs = needsOf(route);
  if (repository && !covers(actor.token, repository)) {
    if (route.method !== "GET") throw notAccessible();
    return;
  }
  const held = needs.some(({ name, level }) => {
    const has = levelOf(actor.token, name);
    return has === "write" || has === level;
  });
  if (needs.length > 0 && !held) throw notAccessible();
}

function needsOf(route: Route): readonly Need[] {
  if (route.permission === undefined) return [];
  return "name" in route.permission ? [route.permission] : route.permission;
}
