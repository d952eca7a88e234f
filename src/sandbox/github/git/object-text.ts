/** The text forms of commits and trees, read and written. */

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
  /** Offset as Git writes it: `+0000`. */
  readonly zone: string;
}

export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  readonly signature: string | null;
  /** What the signature covers: the object without it. */
  readonly payload: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly name: string;
}

function parseSignature(text: string): Signature {
  const found = /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/.exec(text);
  return {
    name: found?.[1] ?? "",
    email: found?.[2] ?? "",
    date: new Date(Number(found?.[3] ?? 0) * 1000),
    zone: found?.[4] ?? "+0000",
  };
}

export function parseCommit(sha: string, content: Buffer): CommitObject {
  const text = content.toString("utf8");
  const split = text.indexOf("\n\n");
  const head = text.slice(0, split);
  // Continuation lines begin with a blank; only signatures have them.
  const fields = head.replaceAll("\n ", "\0").split("\n");
  const all = (name: string): string[] =>
    fields.filter((field) => field.startsWith(`${name} `)).map((field) => field.slice(name.length + 1));
  const signed = all("gpgsig")[0];
  const unsigned = fields
    .filter((field) => !field.startsWith("gpgsig "))
    .join("\n")
    .replaceAll("\0", "\n ");
  return {
    sha,
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    author: parseSignature(all("author")[0] ?? ""),
    committer: parseSignature(all("committer")[0] ?? ""),
    message: text.slice(split + 2).replace(/\n$/, ""),
    signature: signed === undefined ? null : signed.replaceAll("\0", "\n"),
    payload: `${unsigned}${text.slice(split)}`,
  };
}

export function formatCommit(
  commit: Pick<CommitObject, "tree" | "parents" | "author" | "committer" | "message" | "signature">,
): string {
  return [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(commit.author)}`,
    `committer ${formatSignature(commit.committer)}`,
    ...(commit.signature === null ? [] : [`gpgsig ${commit.signature.replaceAll("\n", "\n ")}`]),
    "",
    commit.message,
  ].join("\n");
}

function formatSignature({ name, email, date, zone }: Signature): string {
  return `${clean(name)} <${clean(email)}> ${Math.floor(date.getTime() / 1000)} ${zone}`;
}

/** Git's own rule: these would break the header. */
function clean(text: string): string {
  return text.replaceAll(/[<>\n\0]/g, "");
}

export function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(32, at);
    const end = content.indexOf(0, blank);
    const mode = content.toString("latin1", at, blank).padStart(6, "0");
    entries.push({
      mode,
      type: mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob",
      sha: content.toString("hex", end + 1, end + 21),
      name: content.toString("utf8", blank + 1, end),
    });
    at = end + 21;
  }
  return entries;
}
