/** Every route of the sandbox's GitHub: one file per area, one line here. */

import type { Route } from "./router.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { appRoutes } from "./routes/app.ts";
import { repositoryRoutes } from "./routes/repository.ts";

export const routes: readonly Route[] = [...appRoutes, ...accountRoutes, ...repositoryRoutes];
