/** The App as itself: what it is, where it is installed, and the tokens it gets there. */

import { randomBytes } from "node:crypto";
import { ApiError, notFound, validationFailed } from "../api-error.ts";
import { optionalList, optionalRecord, texts } from "../input.ts";
import { paginate } from "../page.ts";
import { presentApp, presentInstallation, presentInstallationToken } from "../present/app.ts";
import { presentRepository } from "../present/repository.ts";
import type { Answer } from "../answer.ts";
import type { Context, Route } from "../router.ts";
import type { Installation, Repository } from "../repository-state.ts";
import type { App, Level, Permissions } from "../state.ts";
import { installationOf } from "../store.ts";

const tokenLifeMilliseconds = 3_600_000;

function appOfContext({ actor }: Context): App {
  if (actor.kind !== "app") throw notFound();
  return actor.app;
}

function installationOfContext(context: Context): Installation {
  const app = appOfContext(context);
  const id = Number(context.params["installation_id"]);
  const found = context.hub.store.installations.find((one) => one.app === app && one.id === id);
  if (!found) throw notFound();
  return found;
}

/** What was asked for, refused where it is more than the installation has. */
function askedPermissions(context: Context, installation: Installation): Permissions {
  const asked = optionalRecord(context.body, "permissions");
  const held = installation.app.permissions;
  if (!asked) return held;
  for (const [name, level] of Object.entries(asked)) {
    const has: Level | undefined = held[name] ?? (name === "metadata" ? "read" : undefined);
    if (
      has === undefined ||
      (level === "write" && has === "read") ||
      (level !== "read" && level !== "write")
    ) {
      throw new ApiError(422, "The permissions requested are not granted to this installation.");
    }
  }
  return { metadata: "read", ...(asked as Permissions) };
}

/** Null for all; refused where one is not of the installation. */
function askedRepositories({ body }: Context, installation: Installation): ReadonlySet<Repository> | null {
  const ids = optionalList(body, "repository_ids");
  const names = texts(body, "repositories");
  if (!ids && names.length === 0) return null;
  if ((ids?.length ?? 0) + names.length > 500) {
    throw validationFailed("There is a maximum of 500 repositories");
  }
  const all = [...installation.repositories];
  const chosen = [
    ...(ids ?? []).map((id) => all.find((repository) => repository.id === id)),
    ...names.map((name) => all.find((repository) => repository.name === name)),
  ];
  return new Set(
    chosen.map((repository) => {
      if (repository) return repository;
      throw new ApiError(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    }),
  );
}

function createToken(context: Context): Answer {
  const { store } = context.hub;
  const installation = installationOfContext(context);
  if (installation.suspended) throw new ApiError(403, "This installation has been suspended");
  const secret = `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "0")}`;
  const token = {
    installation,
    permissions: askedPermissions(context, installation),
    repositories: askedRepositories(context, installation),
    expiresAt: new Date(store.now().getTime() + tokenLifeMilliseconds),
  };
  store.installationTokens.set(secret, token);
  return { status: 201, body: presentInstallationToken(store, secret, token) };
}

export const appRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/app",
    as: "app",
    handle: (context) => ({ status: 200, body: presentApp(context.hub.store, appOfContext(context)) }),
  },
  {
    method: "GET",
    path: "/app/installations",
    as: "app",
    handle: (context) => {
      const { store } = context.hub;
      const mine = store.installations.filter((one) => one.app === appOfContext(context));
      return paginate(context, mine, (one) => presentInstallation(store, one));
    },
  },
  {
    method: "GET",
    path: "/app/installations/{installation_id}",
    as: "app",
    handle: (context) => ({
      status: 200,
      body: presentInstallation(context.hub.store, installationOfContext(context)),
    }),
  },
  {
    method: "POST",
    path: "/app/installations/{installation_id}/access_tokens",
    as: "app",
    handle: createToken,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/installation",
    as: "app",
    handle: ({ hub, repository }) => {
      const installation = installationOf(hub.store, repository);
      if (!installation) throw notFound();
      return { status: 200, body: presentInstallation(hub.store, installation) };
    },
  },
  {
    method: "GET",
    path: "/installation/repositories",
    handle: (context) => {
      const { hub, actor } = context;
      if (actor.kind !== "installation") {
        throw new ApiError(
          403,
          "You must authenticate with an installation access token in order to list repositories for an installation.",
        );
      }
      const all = [...(actor.token.repositories ?? actor.token.installation.repositories)];
      return paginate(
        context,
        all,
        (repository) => presentRepository(hub.store, repository),
        (repositories, total) => ({ total_count: total, repository_selection: "selected", repositories }),
      );
    },
  },
  {
    method: "GET",
    path: "/apps/{app_slug}",
    handle: ({ hub, params }) => {
      const app = hub.store.apps.find(({ slug }) => slug === params["app_slug"]);
      if (!app) throw notFound();
      return { status: 200, body: presentApp(hub.store, app) };
    },
  },
];
