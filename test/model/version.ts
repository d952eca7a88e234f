/** The order of versions that the model of the registry uses: three numbers, and nothing else is a release. */

const release = /^(\d+)\.(\d+)\.(\d+)$/;

export function isRelease(tag: string): boolean {
  return release.test(tag);
}

/** Whether the one release is later than the other. */
export function isLater(tag: string, than: string): boolean {
  const [a, b] = [numbersOf(tag), numbersOf(than)];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** The latest release of these; undefined where there is none. */
export function latestOf(tags: readonly string[]): string | undefined {
  return tags.filter(isRelease).reduce<string | undefined>((best, tag) => {
    return best === undefined || isLater(tag, best) ? tag : best;
  }, undefined);
}

/** The next release after one: `part` 0 is major, 1 minor, 2 patch. */
export function next(tag: string, part: number): string {
  const numbers = numbersOf(tag);
  return [0, 1, 2]
    .map((index) => (index < part ? (numbers[index] ?? 0) : index === part ? (numbers[index] ?? 0) + 1 : 0))
    .join(".");
}

function numbersOf(tag: string): readonly number[] {
  return (release.exec(tag) ?? []).slice(1).map(Number);
}
