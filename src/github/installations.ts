/** Where the App is installed, and on which repositories. */

import type { RepositoryRef } from "../model/repository.ts";
import type { Clients } from "./client.ts";
import { collect, perPage } from "./collect.ts";

/** Ids of the installations that are not suspended. */
export async function installations(clients: Clients): Promise<readonly number[]> {
  const { items } = await collect((page) =>
    clients.app.request("GET /app/installations", { per_page: perPage, page }),
  );
  return items.filter((raw) => raw.suspended_at === null).map((raw) => raw.id);
}

/** Every repository that an installation shows us, archived ones included. */
export async function repositoriesOf(
  clients: Clients,
  installation: number,
): Promise<readonly RepositoryRef[]> {
  const octokit = clients.open({ installation, repository: null, permissions: { metadata: "read" } });
  const { items } = await collect(async (page) => {
    const { data, headers } = await octokit.request("GET /installation/repositories", {
      per_page: perPage,
      page,
    });
    return { data: data.repositories, headers };
  });
  return items.map((raw) => ({ id: Number(raw.id), owner: raw.owner.login, name: raw.name, installation }));
}
