/** What of a suffix has to stay as it is, and what in it only counts builds of one version. */

/** A suffix with `#` for each count of builds and `@` for a commit, neither of which a tag can hold. */
export interface SuffixShape {
  readonly text: string;
  /** Decimal digits of the counts, in their order. */
  readonly builds: readonly string[];
}

/**
 * The counts of packagers: `-r4` (Bitnami, Alpine), `-ls240` (LinuxServer), `-k3s1`, `-rke2r1`, `-build.7`, and `_9` right
 * behind the numbers (Java). A number of any other word is a flavour's: `-debian-12`, `-jdk17`.
 */
const count = /^_\d+|-(?:r|ls|k3s|rke2r|build\.?)\d+(?=[-_.]|$)/gi;
/** Behind three numbers or more, as Debian counts: `1.24.2-1`. */
const revision = /^-\d+$/;
const commit = /-[0-9a-f]{7,40}(?=-|$)/gi;

/** `dated`: the numbers are a date, which orders the tags whatever commit stands behind it. */
export function suffixShape(
  suffix: string,
  { precision, dated }: { readonly precision: number; readonly dated: boolean },
): SuffixShape {
  const builds: string[] = [];
  const counted = (found: string): string =>
    found.replace(/\d+$/, (digits) => {
      builds.push(digits);
      return "#";
    });
  if (precision >= 3 && !dated && revision.test(suffix)) return { text: counted(suffix), builds };
  const known = dated ? suffix.replaceAll(commit, "-@") : suffix;
  return { text: known.replaceAll(count, counted), builds };
}
