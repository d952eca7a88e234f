/** The branch of an app in mode gate. */

/** Every branch under it is ours; a push there is looked at. */
export const livePrefix = "lockkeeper/live/";

/** One part of a ref as Git has it, without what the shell, a URL or a pattern would read otherwise. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** `lockkeeper/live/<app>`; null where the app's name cannot be the last part of a branch. */
export function liveBranch(name: string): string | null {
  const fits = plainName.test(name) && !name.includes("..") && !/(?:\.|\.lock)$/.test(name);
  return fits ? `${livePrefix}${name}` : null;
}
