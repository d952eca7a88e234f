/** Makes branches and pull requests over the API, as the tests of pull requests need them. */
import type { Caller, Reply, World } from "./world.ts";

/** Text for a path, or null where the file goes. */
export type Files = Readonly<Record<string, string | null>>;

/** One commit on top of `parent`, on no branch yet. */
export async function commitOn(world: World, parent: string, files: Files): Promise<string> {
  const tree = Object.entries(files).map(([path, content]) => ({
    path,
    mode: "100644",
    type: "blob",
    ...(content === null ? { sha: null } : { content }),
  }));
  const made = await world.app("POST", `${world.home}/git/trees`, { base_tree: parent, tree });
  const body = { message: "Change", tree: made.body.sha, parents: [parent] };
  return (await world.app("POST", `${world.home}/git/commits`, body)).body.sha as string;
}

/** The commit at the tip of a branch. */
export async function tipOf(world: World, branch: string): Promise<string> {
  return (await world.app("GET", `${world.home}/git/ref/heads/${branch}`)).body.object.sha as string;
}

/** Moves a branch, by force where it must, or makes it. */
export async function setBranch(world: World, branch: string, sha: string, by = world.app): Promise<Reply> {
  const moved = await by("PATCH", `${world.home}/git/refs/heads/${branch}`, { sha, force: true });
  if (moved.status !== 422) return moved;
  return await by("POST", `${world.home}/git/refs`, { ref: `refs/heads/${branch}`, sha });
}

/** A branch with one commit on main, and a pull request of it. */
export async function openPull(
  world: World,
  branch: string,
  files: Files,
  by: Caller = world.app,
): Promise<Reply> {
  await setBranch(world, branch, await commitOn(world, await tipOf(world, "main"), files));
  return await by("POST", `${world.home}/pulls`, { title: `Change ${branch}`, head: branch, base: "main" });
}

/** The pull request once GitHub knows whether it can be merged. */
export async function settled(world: World, number: number): Promise<Reply> {
  await world.app("GET", `${world.home}/pulls/${number}`);
  await world.github.settle();
  return await world.app("GET", `${world.home}/pulls/${number}`);
}
