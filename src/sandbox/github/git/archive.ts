/** The tar.gz of a commit as `git archive` makes it, without a process where the tree has only what is written here. */

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Git } from "./git.ts";
import type { TreeEntry } from "./object-text.ts";

const compress = promisify(gzip);
const block = 512;

interface Member {
  readonly name: string;
  /** As POSIX has it: a file, a folder, or the comment that stands before all. */
  readonly type: "0" | "5" | "g";
  readonly mode: number;
  readonly content: Buffer;
}

/** Everything is put into a folder. */
export async function archiveOf(git: Git, sha: string, folder: string): Promise<Buffer> {
  const members = await membersOf(git, sha, `${folder}/`);
  if (members === undefined) return await git.run(["archive", "--format=tar.gz", `--prefix=${folder}/`, sha]);
  const comment = Buffer.from(`52 comment=${sha}\n`);
  const first = { name: "pax_global_header", type: "g", mode: 0o666, content: comment } as const;
  const seconds = Math.floor((await git.commit(sha)).committer.date.getTime() / 1000);
  const blocks = [first, ...members].flatMap((member) => [headerOf(member, seconds), padded(member.content)]);
  return await compress(Buffer.concat([...blocks, Buffer.alloc(2 * block)]));
}

/** A folder and all that is in it; undefined where that is for Git to say: attributes, links, submodules, long names. */
async function membersOf(git: Git, tree: string, folder: string): Promise<readonly Member[] | undefined> {
  const found: Member[] = [{ name: folder, type: "5", mode: 0o775, content: Buffer.alloc(0) }];
  for (const entry of (await git.tree(tree)) ?? []) {
    const name = `${folder}${entry.name}`;
    if (entry.name === ".gitattributes" || Buffer.byteLength(name) > 99) return undefined;
    const members =
      entry.type === "tree" ? await membersOf(git, entry.sha, `${name}/`) : await fileOf(git, entry, name);
    if (members === undefined) return undefined;
    found.push(...members);
  }
  return found;
}

async function fileOf(
  git: Git,
  { mode, sha }: TreeEntry,
  name: string,
): Promise<readonly Member[] | undefined> {
  const modes: Readonly<Record<string, number>> = { "100644": 0o664, "100755": 0o775 };
  const [known, object] = [modes[mode], await git.object(sha)];
  return known === undefined || object === undefined
    ? undefined
    : [{ name, type: "0", mode: known, content: object.content }];
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 */
function headerOf({ name, type, mode, content }: Member, seconds: number): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(seconds, 11), 136);
  header.write(`        ${type}`, 148);
  header.write("ustar\u000000root", 257);
  header.write("root", 297);
  header.write(octal(0, 7), 329);
  header.write(octal(0, 7), 337);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(octal(sum, 7), 148);
  header.writeUInt8(0, 155);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)]);
}
