/** The files of a model run, and where images stand in them: read line by line, by nothing of the product. */

/** Stands for the registry wherever it is; the same in every run, so that names made of it are, too. */
export const registryHost = "registry.test";

/** One image reference. Offsets are of JavaScript's text; `lines` are those that an update of it would change. */
export interface Place {
  readonly file: string;
  readonly environment: string;
  /** Where in the document it stands, as far as these files need that told apart. */
  readonly path: string;
  readonly image: string;
  readonly tag: string;
  readonly digest: string | null;
  readonly lines: readonly number[];
  readonly tagAt: Span;
  readonly digestAt: Span | null;
}

type Span = readonly [start: number, end: number];

const digestPattern = "sha256:[0-9a-f]{64}";
const inline = new RegExp(
  String.raw`\bimage: ["']?${registryHost}/acme/(\w+):([\w.-]+?)(?:@(${digestPattern}))?(?=["'\s},]|$)`,
  "gm",
);
const entryName = new RegExp(String.raw`^ *(?:- )?(?:name|repository): ${registryHost}/acme/(\w+)`);
const entryTag = /^( *(?:- )?(?:newTag|tag): "?)([\w.-]+)/;
const entryDigest = new RegExp(`^( *(?:- )?digest: )(${digestPattern})`);

/** Every image of every app of a commit. */
export function placesIn(files: ReadonlyMap<string, string>): readonly Place[] {
  return [...files].flatMap(([file, text]) => placesOf(file, text));
}

export function placesOf(file: string, text: string): readonly Place[] {
  const environment = /^apps\/[^/]+\/(staging|production)\/.+\.yaml$/.exec(file)?.[1];
  if (environment === undefined) return [];
  const keyed = /kustomization\.yaml$|values[^/]*\.yaml$/.test(file);
  const found = keyed ? entriesOf(text) : inlineOf(text);
  return found.map((place) => ({ file, environment, ...place }));
}

type Found = Omit<Place, "file" | "environment">;

function inlineOf(text: string): readonly Found[] {
  return [...text.matchAll(inline)].map((match, index) => {
    const [whole, image = "", tag = "", digest] = match;
    const end = match.index + whole.length;
    const tagEnd = end - (digest === undefined ? 0 : digest.length + 1);
    return {
      path: String(index),
      image,
      tag,
      digest: digest ?? null,
      lines: [lineOf(text, match.index)],
      tagAt: [tagEnd - tag.length, tagEnd],
      digestAt: digest === undefined ? null : [end - digest.length, end],
    };
  });
}

/** Entries with keys of their own for name, tag and digest; a dash or a key `image:` begins one. */
function entriesOf(text: string): readonly Found[] {
  const entries: { path: string; image?: string; tag?: Piece; digest?: Piece }[] = [];
  let offset = 0;
  let [key, ordinal] = ["", 0];
  for (const [index, line] of text.split("\n").entries()) {
    const top = /^(\w+):/.exec(line)?.[1];
    if (top !== undefined) [key, ordinal] = [top, 0];
    if (/^ *- |image:$/.test(line)) entries.push({ path: `${key}/${(ordinal += 1)}` });
    const entry = entries.at(-1);
    if (entry !== undefined) {
      entry.image ??= entryName.exec(line)?.[1];
      entry.tag ??= pieceOf(entryTag, line, offset, index);
      entry.digest ??= pieceOf(entryDigest, line, offset, index);
    }
    offset += line.length + 1;
  }
  return entries.flatMap(({ path, image, tag, digest }): readonly Found[] =>
    image === undefined || tag === undefined
      ? []
      : [
          {
            path,
            image,
            tag: tag.text,
            digest: digest?.text ?? null,
            lines: digest === undefined ? [tag.line] : [tag.line, digest.line],
            tagAt: tag.at,
            digestAt: digest?.at ?? null,
          },
        ],
  );
}

interface Piece {
  readonly text: string;
  readonly line: number;
  readonly at: Span;
}

function pieceOf(pattern: RegExp, line: string, offset: number, index: number): Piece | undefined {
  const found = pattern.exec(line);
  if (found === null) return undefined;
  const [, before = "", text = ""] = found;
  const start = offset + before.length;
  return { text, line: index + 1, at: [start, start + text.length] };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** A version of an image: digest where one is written. */
export interface Version {
  readonly tag: string;
  readonly digest: string | null;
}

/** The text with other versions at some of its places, and every other character as it was. */
export function withVersions(text: string, changes: readonly (readonly [Place, Version])[]): string {
  const splices = changes.flatMap(([place, to]) => [
    { at: place.tagAt, by: to.tag },
    ...(place.digestAt === null ? [] : [{ at: place.digestAt, by: to.digest ?? "" }]),
  ]);
  return splices
    .toSorted((a, b) => b.at[0] - a.at[0])
    .reduce((old, { at, by }) => old.slice(0, at[0]) + by + old.slice(at[1]), text);
}

export interface Image {
  readonly name: string;
  /** Its digest is written beside its tag. */
  readonly pinned: boolean;
  /** Its tag `main` moves, and its digest is followed. */
  readonly mutable: boolean;
}

/** `a` to `c` have versions, `d` has versions with digests, and `m` is followed by its digest alone. */
export const images: readonly Image[] = [
  ...["a", "b", "c"].map((name) => ({ name, pinned: false, mutable: false })),
  { name: "d", pinned: true, mutable: false },
  { name: "m", pinned: true, mutable: true },
];

/** An image as a layout writes it: `%a` becomes its reference. */
function reference(name: string, { tag, digest }: Version): string {
  return `${registryHost}/acme/${name}:${tag}${digest === null ? "" : `@${digest}`}`;
}

const wide = (...names: string[]): string =>
  pod(names.map((name, index) => `    - name: c${index}\n      image: %${name}\n`));
const slim = (...names: string[]): string => pod(names.map((name) => `    - image: %${name}\n`));
const flow = (...names: string[]): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  containers: [${names
    .map((name) => `{ image: %${name} }`)
    .join(", ")}]\n`;

function pod(entries: readonly string[]): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  containers:\n${entries.join("")}`;
}

const kustomization = (...names: string[]): string =>
  `resources: []\nimages:\n${names
    .map((name, index) =>
      index % 2 === 0
        ? `  - name: ${registryHost}/acme/${name}\n    newTag: $${name}\n`
        : `  - newTag: $${name}\n    name: ${registryHost}/acme/${name}\n`,
    )
    .join("")}`;
const values = (...names: string[]): string =>
  names
    .map(
      (name, index) =>
        `part${index}:\n  image:\n    repository: ${registryHost}/acme/${name}\n    tag: $${name}\n`,
    )
    .join("");

/** What a repository may look like when a run begins. */
export const layouts: readonly Readonly<Record<string, string>>[] = [
  {
    "apps/web/production/web.yaml": wide("a", "b", "c"),
    "apps/web/staging/web.yaml": wide("a", "b"),
    "apps/api/production/values.yaml": values("c", "d"),
  },
  {
    "apps/web/production/web.yaml": slim("a", "b", "d"),
    "apps/web/staging/kustomization.yaml": kustomization("a", "d", "b", "d"),
    "apps/api/staging/api.yaml": wide("m", "c"),
  },
  {
    "apps/web/production/web.yaml": flow("a", "b"),
    "apps/api/production/api.yaml": wide("c", "a", "c", "b"),
    "apps/web/staging/values.yaml": values("a", "m"),
    "apps/api/staging/kustomization.yaml": kustomization("c", "d", "a"),
  },
  {
    "apps/web/production/kustomization.yaml": kustomization("d", "a", "b", "c"),
    "apps/web/staging/web.yaml": wide("a", "d", "m"),
    "apps/api/staging/values.yaml": values("d", "b"),
  },
];

/** The files of a layout with every image at the version given. */
export function filesOf(
  layout: Readonly<Record<string, string>>,
  versionOf: (image: string) => Version,
): Map<string, string> {
  return new Map(
    Object.entries(layout).map(([path, text]) => [
      path,
      text
        .replaceAll(/%(\w)/g, (_, name: string) => reference(name, versionOf(name)))
        .replaceAll(/( *)(- )?newTag: \$(\w)|( *)tag: \$(\w)/g, (line) => keyedLines(line, versionOf)),
    ]),
  );
}

/** A line for the tag, and one for the digest where the image has one. */
function keyedLines(line: string, versionOf: (image: string) => Version): string {
  const [, front = "", name = ""] = /^(.*)\$(\w)$/.exec(line) ?? [];
  const { tag, digest } = versionOf(name);
  const indent = " ".repeat(front.search(/[a-z]/i));
  return `${front}${tag}${digest === null ? "" : `\n${indent}digest: ${digest}`}`;
}

/** The lines of one more image in the style of the entry at a line, to stand right below it. */
export function entryLike(line: string, image: string, version: Version): string | undefined {
  const slimmed = /^( *)- image: /.exec(line);
  if (slimmed !== null) return `${slimmed[1] ?? ""}- image: ${reference(image, version)}`;
  const wided = /^( *)  image: /.exec(line);
  if (wided === null) return undefined;
  return `${wided[1] ?? ""}- name: x\n${wided[1] ?? ""}  image: ${reference(image, version)}`;
}
