/** The stage of the demo's steps, built from nothing but what `sandbox --json` prints. */

import { connectCluster } from "../../src/cluster/connect-cluster.ts";
import { must, person } from "../../src/cli/demo/person.ts";
import { type Stage, type Step, repositoryPath } from "../../src/cli/demo/stage.ts";
import { RegistryClient } from "../contracts/registry-client.ts";
import type { Addresses } from "./processes.ts";

export interface OutsideStage {
  readonly stage: Stage;
  close(): Promise<void>;
}

/** `published` runs after each push of an image: the sandbox's registry tells nobody. */
export async function stageOf(
  { github, registry, cluster }: Addresses,
  published: (stage: Stage) => Promise<void> = async () => {},
): Promise<OutsideStage> {
  const connected = await connectCluster({ kubeconfigFile: cluster.kubeconfig });
  if (!connected.ok) throw new Error(connected.failure.message);
  const client = new RegistryClient(registry.url);
  const people = (login: string) => person(github.apiUrl, login, github.users[login] ?? "");
  const stage: Stage = {
    apiUrl: github.apiUrl,
    webUrl: github.webUrl,
    clusterKind: cluster.kind,
    clusterVersion: cluster.version,
    registryHost: new URL(registry.url).host,
    registry: {
      push: async (repository, tag) => {
        const digest = await client.pushImage(repository, tag, ["linux/amd64", "linux/arm64"]);
        await published(stage);
        return digest;
      },
      requested: () => [],
    },
    cluster: connected.value,
    ada: people("ada"),
    grace: people("grace"),
    mallory: people("mallory"),
    ask: async () => {},
    story: { pull: 0, merged: "", second: 0, approvedHead: "" },
  };
  return { stage, close: () => connected.value.close() };
}

/** Opens an issue; `/lockkeeper scan` can then be said on it. */
export async function openThread(stage: Stage): Promise<number> {
  const { number } = await must<{ number: number }>(stage.grace, "POST", `${repositoryPath}/issues`, {
    title: "Is there anything new?",
  });
  return number;
}

export async function say(stage: Stage, thread: number, body: string): Promise<void> {
  await must(stage.grace, "POST", `${repositoryPath}/issues/${thread}/comments`, { body });
}

/** Runs steps in order; the first that fails is named, with what `more` knows about why. */
export async function play(stage: Stage, steps: readonly Step[], more: () => string): Promise<void> {
  for (const step of steps) {
    try {
      await step.run(stage);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${step.name}: ${reason}\n${more()}`, { cause: error });
    }
  }
}
