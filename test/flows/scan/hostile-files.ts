/** Manifests that are written to be read slowly, or to kill who reads them. */

/** `piece` over and over, up to some bytes. */
function repeated(piece: (index: number) => string, bytes: number): string {
  const parts: string[] = [];
  for (let index = 0, length = 0; length < bytes; index += 1) {
    const part = piece(index);
    if (length + part.length > bytes) break;
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
}

const mebibyte = 1024 * 1024;
const pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n";

/** Each references an alias of nine of the one before: a billion in all. */
function billionLaughs(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const of =
      level === 0
        ? "image: REGISTRY/acme/old:1"
        : Array.from({ length: 9 }, () => `*l${level - 1}`).join(", ");
    return `l${level}: &l${level} ${level === 0 ? `{ ${of} }` : `[${of}]`}\n`;
  });
  return levels.join("");
}

/** By what they are; each mentions an image, so that it is read at all. REGISTRY stands for a host. */
export const hostileFiles: Readonly<Record<string, string>> = {
  "brackets-of-2-KB": `image: ${"[".repeat(2048)}`,
  "billion-laughs": billionLaughs(),
  "50000-keys": `image: REGISTRY/acme/old:1\n${repeated((index) => `k${index}: 1\n`, 50_000 * 10)}`,
  "5000-keys": `image: REGISTRY/acme/old:1\n${Array.from({ length: 4900 }, (_, index) => `key${index}: 1\n`).join("")}`,
  "250000-parts": `${pod}${repeated(() => "    - {image: x}\n", mebibyte * 0.75)}`,
  "20000-images": `${pod}${repeated(() => "    - image: REGISTRY/acme/old:1\n", 20_000 * 33)}`,
  "1-MiB-of-lists": `image:\n${repeated(() => "- []\n", mebibyte * 0.95)}`,
  "1-MiB-of-text": `image: REGISTRY/acme/old:1\ntext: |\n${repeated((index) => `  line ${index} of a text: [{"`, mebibyte * 0.9)}\n`,
  "2000-documents": repeated((index) => `---\n${pod}    - image: REGISTRY/acme/old:${index}\n`, 1990 * 88),
  "3000-deep": repeated((index) => `${" ".repeat(index)}image:\n`, 900_000),
};
