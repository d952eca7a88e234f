/** Third chapter: main moves under an open pull request, and a rollback in Git stays rolled back. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type PullSummary, must } from "./person.ts";
import { runs } from "./release.ts";
import {
  type Stage,
  type Step,
  approve,
  bumpTo,
  manifestPath,
  merge,
  pull,
  repositoryPath,
  signoffIs,
} from "./stage.ts";
import { until } from "./until.ts";

const run = promisify(execFile);

/** Clones as Ada, lets `change` work in the clone, pushes a branch and opens a pull request from it. */
async function propose(
  stage: Stage,
  branch: string,
  title: string,
  change: (git: (...args: string[]) => Promise<unknown>, directory: string) => Promise<void>,
): Promise<PullSummary> {
  const directory = await mkdtemp(join(tmpdir(), "lockkeeper-ada-"));
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=Ada", "-c", "user.email=ada@users.noreply.github.com", ...args], {
      cwd: directory,
      timeout: 30_000,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    });
  try {
    const url = new URL("/acme/gitops.git", stage.webUrl);
    url.username = stage.ada.login;
    url.password = stage.ada.token;
    await git("clone", "--quiet", url.href, ".");
    await git("switch", "--quiet", "--create", branch);
    await change(git, directory);
    await git("push", "--quiet", "origin", branch);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return must<PullSummary>(stage.ada, "POST", `${repositoryPath}/pulls`, {
    title,
    head: branch,
    base: "main",
    body: "",
  });
}

/** Grace signs off and merges somebody's pull request once the check lets her. */
async function land(stage: Stage, number: number): Promise<string> {
  await approve(stage, number);
  const { head } = await pull(stage, number);
  await until(() => signoffIs(stage, head.sha, "success"));
  return merge(stage, number, head.sha);
}

/** Adds a line directly under the image, so that git itself could not merge the open bump any more. */
async function addPullPolicy(directory: string): Promise<void> {
  const file = join(directory, manifestPath);
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/^( *)(?:- )?image: .*$/m, "$&\n$1imagePullPolicy: IfNotPresent"));
}

export const rollback: readonly Step[] = [
  {
    name: "base-moved",
    tells: "1.2.0 is proposed and approved; then main changes on the very next line.",
    async run(stage) {
      await stage.registry.push("acme/web", "1.2.0");
      const bump = await until(() => bumpTo(stage, "1.2.0"));
      stage.story.second = bump.number;
      await approve(stage, bump.number);
      await until(() => signoffIs(stage, bump.head.sha, "success"));
      stage.story.approvedHead = bump.head.sha;
      const other = await propose(stage, "pull-policy", "Say when to pull web", async (git, directory) => {
        await addPullPolicy(directory);
        await git("commit", "--quiet", "--all", "--message", "Say when to pull web");
      });
      return { open: bump.number, landed: await land(stage, other.number) };
    },
  },
  {
    name: "pull-rebuilt",
    tells: "The open pull request is rebuilt on the new main, and Grace is not asked again.",
    async run(stage) {
      const rebuilt = await until(async () => {
        const now = await pull(stage, stage.story.second);
        if (now.state !== "open") return `#${now.number} is ${now.state}`;
        if (now.head.sha === stage.story.approvedHead) return `#${now.number} still stands on the old main`;
        return now.mergeable === true ? now : `#${now.number} is not mergeable: ${now.mergeable}`;
      });
      const verdict = await until(() => signoffIs(stage, rebuilt.head.sha, "success"));
      return { number: rebuilt.number, head: rebuilt.head.sha, check: verdict.title };
    },
  },
  {
    name: "rolled-back",
    tells: "1.2.0 goes live, is regretted, and reverted in Git; the cluster goes back.",
    async run(stage) {
      const { head } = await pull(stage, stage.story.second);
      const merged = await merge(stage, stage.story.second, head.sha);
      await runs(stage, "1.2.0");
      const revert = await propose(stage, "revert-web", "Revert web to 1.1.0", async (git) => {
        await git("revert", "--no-edit", merged);
      });
      await land(stage, revert.number);
      const { image } = await runs(stage, "1.1.0");
      return { reverted: merged, image };
    },
  },
  {
    name: "version-held",
    tells: "Lockkeeper looks again, and does not propose 1.2.0 a second time.",
    async run(stage) {
      const listings = () =>
        stage.registry.requested().filter((path) => path.includes("/acme/web/tags/list")).length;
      const before = listings();
      await until(async () => {
        const scans = listings() - before;
        return scans >= 2 ? { scans } : `only ${scans} scans since the revert`;
      });
      const again = await bumpTo(stage, "1.2.0");
      if (typeof again !== "string") throw new Error(`1.2.0 was proposed again as #${again.number}`);
      return { held: "1.2.0", scans: listings() - before };
    },
  },
];
