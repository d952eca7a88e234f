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
/** Month, day and perhaps the time behind a year: `2026-06-04-131507`. */
const calendar = /^-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:-(\d{6}))?(?=[-_.]|$)/;

/** What stands in front of a suffix. */
export interface SuffixBase {
  /** How many numbers. */
  readonly precision: number;
  /** Whether they are a date, which orders the tags whatever commit stands behind it. */
  readonly dated: boolean;
  /** Whether they are a year alone. */
  readonly year: boolean;
}

/** Of what stands behind the numbers of a tag. */
export function suffixShape(suffix: string, { precision, dated, year }: SuffixBase): SuffixShape {
  const day = year ? calendar.exec(suffix) : null;
  if (day !== null) {
    const [head, ...parts] = day;
    const given = parts.filter((part) => part !== undefined);
    const rest = suffixShape(suffix.slice(head.length), { precision: 3, dated: true, year: false });
    return { text: "-#".repeat(given.length) + rest.text, builds: [...given, ...rest.builds] };
  }
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
