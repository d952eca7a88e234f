/** Every route of the sandbox's GitHub: one file per area, one line here. */

import type { Route } from "./router.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { appRoutes } from "./routes/app.ts";
import { checkRunRoutes } from "./routes/check-runs.ts";
import { checkSuiteRoutes } from "./routes/check-suites.ts";
import { collaboratorRoutes } from "./routes/collaborators.ts";
import { commentRoutes } from "./routes/comments.ts";
import { deploymentStatusRoutes } from "./routes/deployment-statuses.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { hookDeliveryRoutes } from "./routes/hook-deliveries.ts";
import { issueRoutes } from "./routes/issues.ts";
import { labelRoutes } from "./routes/labels.ts";
import { organisationRoutes } from "./routes/organisations.ts";
import { protectionRoutes } from "./routes/protection.ts";
import { reactionRoutes } from "./routes/reactions.ts";
import { repositoryRoutes } from "./routes/repository.ts";
import { statusRoutes } from "./routes/statuses.ts";
import { teamRoutes } from "./routes/teams.ts";

export const routes: readonly Route[] = [
  ...accountRoutes,
  ...appRoutes,
  ...checkRunRoutes,
  ...checkSuiteRoutes,
  ...collaboratorRoutes,
  ...commentRoutes,
  ...deploymentStatusRoutes,
  ...deploymentRoutes,
  ...hookDeliveryRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...organisationRoutes,
  ...protectionRoutes,
  ...reactionRoutes,
  ...repositoryRoutes,
  ...statusRoutes,
  ...teamRoutes,
];
