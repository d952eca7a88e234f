/** Names of our branches. */

/** Every branch of ours begins so. */
export const branchPrefix = "lockkeeper/bump/";

/** `lockkeeper/bump/<slug>-<hash>`: the slug is for people and holds no slash, the hash keeps two units apart. */
export function branchName(about: string, hash: string): string {
  const slug = about
    .toLowerCase()
    .replace(/^.*\//s, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 48);
  return `${branchPrefix}${slug === "" ? "image" : slug}-${hash.slice(0, 10)}`;
}

const sibling = /^(.*-[0-9a-f]{10})-([0-9]{1,3})$/;

/** The branch of the unit itself, of one of its siblings: `…-3` goes on where somebody else has pushed to `…-2`. */
export function rootBranch(branch: string): string {
  return sibling.exec(branch)?.[1] ?? branch;
}

/** Of the unit itself 1, of its siblings 2, 3 and so on. */
export function generation(branch: string): number {
  return Number(sibling.exec(branch)?.[2] ?? 1);
}

export function nextSibling(branch: string): string {
  return `${rootBranch(branch)}-${generation(branch) + 1}`;
}
