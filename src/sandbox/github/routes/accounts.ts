/** Users as anybody sees them, and the caller. */

import { ApiError, notFound } from "../api-error.ts";
import { presentFullUser } from "../present/user.ts";
import type { Route } from "../router.ts";
import { findAccount } from "../store.ts";

export const accountRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/users/{username}",
    handle: ({ hub, params }) => {
      const account = findAccount(hub.store, params["username"] ?? "");
      if (!account) throw notFound();
      return { status: 200, body: presentFullUser(hub.store, account) };
    },
  },
  {
    method: "GET",
    path: "/user",
    handle: ({ hub, actor }) => {
      if (actor.kind === "anonymous") throw new ApiError(401, "Requires authentication");
      if (actor.kind !== "user") throw new ApiError(403, "Resource not accessible by integration");
      return { status: 200, body: presentFullUser(hub.store, actor.user) };
    },
  },
];
