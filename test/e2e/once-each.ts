/** What must be there exactly once after the loop, however often the App was killed in it. */

import { type PullSummary, must } from "../../src/cli/demo/person.ts";
import { type Stage, productionDeployment, repositoryPath, rollout } from "../../src/cli/demo/stage.ts";

interface Deployment {
  readonly task: string;
  readonly sha: string;
}

interface CheckRun {
  readonly name: string;
  readonly conclusion: string | null;
}

const ours = (thing: { readonly user: { readonly login: string } }): boolean =>
  thing.user.login === "lockkeeper[bot]";

/** How often each thing is there by a name for the report; everything should be there once. */
async function counts(stage: Stage): Promise<Readonly<Record<string, number>>> {
  const { grace, story } = stage;
  const list = <T>(path: string): Promise<T[]> => must<T[]>(grace, "GET", `${repositoryPath}${path}`);
  const pulls = (await list<PullSummary>("/pulls?state=all&per_page=100")).filter(ours);
  const bumps = (environment: string): number =>
    pulls.filter(({ title }) => title.includes("1.1.0") && title.includes(environment)).length;
  const comments = await list<{ user: { login: string }; body: string }>(`/issues/${story.pull}/comments`);
  const deployments = await list<Deployment>("/deployments?per_page=100");
  const each = Object.groupBy(deployments, ({ task, sha }) => `deployment of ${task} at ${sha}`);
  const { head } = await must<PullSummary>(grace, "GET", `${repositoryPath}/pulls/${story.pull}`);
  const path = `${repositoryPath}/commits/${head.sha}/check-runs?filter=all&per_page=100`;
  const { check_runs: checks } = await must<{ check_runs: CheckRun[] }>(grace, "GET", path);
  const dashboards = await list("/issues?state=all&labels=lockkeeper%2Fdashboard");
  const issues = await list<{ user: { login: string }; pull_request?: object }>(
    "/issues?state=all&labels=lockkeeper%2Fdrift",
  );
  return {
    "pull request for production": bumps("production"),
    "pull request for staging": bumps("staging"),
    "deploy comment": comments.filter(
      (comment) => ours(comment) && comment.body.includes("lockkeeper:deploy"),
    ).length,
    "comment of ours": comments.filter(ours).length,
    [`deployment of lockkeeper:web-production at ${story.merged}`]: 0,
    ...Object.fromEntries(Object.entries(each).map(([name, those]) => [name, those?.length ?? 0])),
    "check with success": checks.filter(
      (check) => check.name === "lockkeeper/signoff" && check.conclusion === "success",
    ).length,
    "drift issue": issues.length,
    dashboard: dashboards.length,
  };
}

/** What is there more or less often than once, and what of the cluster is not as Git wants it; empty when all is well. */
export async function notOnce(stage: Stage): Promise<readonly string[]> {
  const found = Object.entries(await counts(stage))
    .filter(([, count]) => count !== 1)
    .map(([what, count]) => `${count} × ${what}`);
  const live = await productionDeployment(stage);
  if (typeof live === "string") return [...found, live];
  const { image, replicas, ready } = rollout(live);
  if (image === `${stage.registryHost}/acme/web:1.1.0` && replicas === 3 && ready) return found;
  return [...found, `production runs ${replicas} × ${image}, ${ready ? "ready" : "not ready"}`];
}
