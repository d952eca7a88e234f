/** Second chapter: somebody changes the cluster by hand, the repository hears of it, and Git wins again. */

import { must } from "./person.ts";
import { type Stage, type Step, productionDeployment, repositoryPath, rollout } from "./stage.ts";
import { until } from "./until.ts";

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
}

async function driftIssues(stage: Stage, state: string): Promise<readonly Issue[]> {
  return must<Issue[]>(
    stage.grace,
    "GET",
    `${repositoryPath}/issues?state=${state}&labels=lockkeeper%2Fdrift`,
  );
}

const wanted = 3;
const byHand = 7;

export const drift: readonly Step[] = [
  {
    name: "drift-reported",
    tells: "Somebody scales production by hand; an issue says which field, who and when.",
    async run(stage) {
      const edit = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace: "web-production" },
        spec: { replicas: byHand },
      };
      const options = { manager: "kubectl-edit", force: true, dryRun: false, as: "self" } as const;
      const edited = await stage.cluster.apply(edit, options);
      if (!edited.ok) throw new Error(`the edit by hand failed: ${edited.failure.message}`);
      const issue = await until(async () => {
        const found = (await driftIssues(stage, "open")).find((open) => open.title.includes("replicas"));
        return found ?? "no open issue labelled lockkeeper/drift about replicas";
      });
      if (!issue.body.includes("kubectl-edit")) throw new Error("the drift report does not name the manager");
      return { issue: issue.number, title: issue.title };
    },
  },
  {
    name: "drift-healed",
    tells: "Grace answers /lockkeeper heal; Git is applied again and the issue closes by itself.",
    async run(stage) {
      await stage.ask("comment /lockkeeper heal as Grace");
      const [issue] = await driftIssues(stage, "open");
      if (issue === undefined) throw new Error("the drift issue is gone before it was healed");
      const path = `${repositoryPath}/issues/${issue.number}`;
      await must(stage.grace, "POST", `${path}/comments`, { body: "/lockkeeper heal" });
      return until(async () => {
        const live = await productionDeployment(stage);
        if (typeof live === "string") return live;
        const { replicas } = rollout(live);
        if (replicas !== wanted) return `replicas are ${replicas}, not ${wanted}`;
        const { state } = await must<Issue>(stage.grace, "GET", path);
        return state === "closed"
          ? { issue: issue.number, replicas }
          : `issue #${issue.number} is still open`;
      });
    },
  },
];
