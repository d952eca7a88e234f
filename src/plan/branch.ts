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
