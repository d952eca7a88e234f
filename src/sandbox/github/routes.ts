/** Every route of the sandbox's GitHub: one file per area, one line here. */

import type { Route } from "./router.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { appRoutes } from "./routes/app.ts";
import { archiveRoutes } from "./routes/archives.ts";
import { assigneeRoutes } from "./routes/assignees.ts";
import { branchRoutes } from "./routes/branches.ts";
import { checkRunRoutes } from "./routes/check-runs.ts";
import { checkSuiteRoutes } from "./routes/check-suites.ts";
import { collaboratorRoutes } from "./routes/collaborators.ts";
import { commentRoutes } from "./routes/comments.ts";
import { commitRoutes } from "./routes/commits.ts";
import { contentRoutes } from "./routes/contents.ts";
import { deploymentStatusRoutes } from "./routes/deployment-statuses.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { forkRoutes } from "./routes/forks.ts";
import { gitObjectRoutes } from "./routes/git-objects.ts";
import { gitRefRoutes } from "./routes/git-refs.ts";
import { graphqlRoutes } from "./routes/graphql.ts";
import { hookDeliveryRoutes } from "./routes/hook-deliveries.ts";
import { issueEventRoutes } from "./routes/issue-events.ts";
import { issueRoutes } from "./routes/issues.ts";
import { labelRoutes } from "./routes/labels.ts";
import { mergeRoutes } from "./routes/merges.ts";
import { organisationRoutes } from "./routes/organisations.ts";
import { protectionRoutes } from "./routes/protection.ts";
import { pullRoutes } from "./routes/pulls.ts";
import { reactionRoutes } from "./routes/reactions.ts";
import { releaseRoutes } from "./routes/releases.ts";
import { repositoryRoutes } from "./routes/repository.ts";
import { requestedReviewerRoutes } from "./routes/requested-reviewers.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { statusRoutes } from "./routes/statuses.ts";
import { teamMembershipRoutes } from "./routes/team-memberships.ts";
import { teamRoutes } from "./routes/teams.ts";

export const routes: readonly Route[] = [
  ...accountRoutes,
  ...appRoutes,
  ...archiveRoutes,
  ...assigneeRoutes,
  ...branchRoutes,
  ...checkRunRoutes,
  ...checkSuiteRoutes,
  ...collaboratorRoutes,
  ...commentRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...deploymentRoutes,
  ...deploymentStatusRoutes,
  ...forkRoutes,
  ...gitObjectRoutes,
  ...gitRefRoutes,
  ...graphqlRoutes,
  ...hookDeliveryRoutes,
  ...issueEventRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...mergeRoutes,
  ...organisationRoutes,
  ...protectionRoutes,
  ...pullRoutes,
  ...reactionRoutes,
  ...releaseRoutes,
  ...repositoryRoutes,
  ...requestedReviewerRoutes,
  ...reviewRoutes,
  ...statusRoutes,
  ...teamMembershipRoutes,
  ...teamRoutes,
];
