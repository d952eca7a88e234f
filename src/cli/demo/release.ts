/** First chapter: a new image becomes a pull request, waits for the right person, and reaches the cluster. */

import { must } from "./person.ts";
import {
  type Stage,
  type Step,
  approve,
  bumpTo,
  merge,
  productionDeployment,
  pull,
  repositoryPath,
  rollout,
  signoffIs,
} from "./stage.ts";
import { until } from "./until.ts";

/** Waits until the production Deployment runs a version and is ready. */
export async function runs(stage: Stage, version: string): Promise<{ image: string }> {
  return until(async () => {
    const live = await productionDeployment(stage);
    if (typeof live === "string") return live;
    const { image, ready } = rollout(live);
    if (!image.includes(`:${version}`)) return `production runs ${image}, not ${version}`;
    return ready ? { image } : `${image} is not ready yet`;
  });
}

interface Comment {
  readonly body: string;
  readonly user: { readonly login: string };
  readonly html_url: string;
}

/** Waits for Lockkeeper's comment on a merged pull request that says what was applied. */
async function reported(stage: Stage, number: number): Promise<Comment> {
  return until(async () => {
    const comments = await must<Comment[]>(stage.grace, "GET", `${repositoryPath}/issues/${number}/comments`);
    const ours = comments.find(
      (comment) => comment.user.login === "lockkeeper[bot]" && comment.body.includes("lockkeeper:deploy"),
    );
    return ours ?? `no deploy comment on #${number}`;
  });
}

async function deployed(stage: Stage, sha: string): Promise<{ id: number; state: string }> {
  return until(async () => {
    const path = `${repositoryPath}/deployments?sha=${sha}&environment=production`;
    const [deployment] = await must<{ id: number }[]>(stage.grace, "GET", path);
    if (deployment === undefined) return `no deployment of ${sha.slice(0, 7)} to production`;
    const statuses = `${repositoryPath}/deployments/${deployment.id}/statuses`;
    const [status] = await must<{ state: string }[]>(stage.grace, "GET", statuses);
    return status?.state === "success"
      ? { id: deployment.id, state: status.state }
      : `deployment is ${status?.state}`;
  });
}

export const release: readonly Step[] = [
  {
    name: "seeded",
    tells: "A repository, an image, a cluster: what main says runs.",
    async run(stage) {
      const { image } = await runs(stage, "1.0.0");
      return { repository: "acme/gitops", image, cluster: stage.clusterKind, version: stage.clusterVersion };
    },
  },
  {
    name: "pull-opened",
    tells: "Somebody publishes acme/web:1.1.0; Lockkeeper opens a pull request.",
    async run(stage) {
      await stage.registry.push("acme/web", "1.1.0");
      const opened = await until(() => bumpTo(stage, "1.1.0"));
      stage.story.pull = opened.number;
      return { number: opened.number, title: opened.title, body: opened.body.split("\n")[0] };
    },
  },
  {
    name: "merge-refused",
    tells: "Mallory may write, but is not in acme/sre: approving does not help, and the merge is refused.",
    async run(stage) {
      const { head } = await pull(stage, stage.story.pull);
      await must(stage.mallory, "POST", `${repositoryPath}/pulls/${stage.story.pull}/reviews`, {
        event: "APPROVE",
      });
      const verdict = await until(() => signoffIs(stage, head.sha, "action_required"));
      const path = `${repositoryPath}/pulls/${stage.story.pull}/merge`;
      const refusal = await stage.mallory.call<{ message: string }>("PUT", path, { sha: head.sha });
      if (refusal.status !== 405) throw new Error(`the merge was not refused: ${refusal.status}`);
      return { status: refusal.status, message: refusal.body.message, check: verdict.title };
    },
  },
  {
    name: "signed-off",
    tells: "Grace of acme/sre approves; the check turns green.",
    async run(stage) {
      await stage.ask("approve the pull request as Grace");
      const { head } = await pull(stage, stage.story.pull);
      await approve(stage, stage.story.pull);
      return until(() => signoffIs(stage, head.sha, "success"));
    },
  },
  {
    name: "merged",
    tells: "Grace merges.",
    async run(stage) {
      await stage.ask("merge it as Grace");
      const { head } = await pull(stage, stage.story.pull);
      stage.story.merged = await merge(stage, stage.story.pull, head.sha);
      return { commit: stage.story.merged };
    },
  },
  {
    name: "applied",
    tells: "The merged commit runs in the cluster; the pull request says what changed.",
    async run(stage) {
      const { image } = await runs(stage, "1.1.0");
      const deployment = await deployed(stage, stage.story.merged);
      const comment = await reported(stage, stage.story.pull);
      return { image, deployment, comment: comment.html_url };
    },
  },
];
