/** A page that looks about as a pull request or issue does on GitHub. */

/** `title` and authors are plain text, `body` and the comments below it are HTML. */
export function page(
  title: string,
  body: string,
  comments: readonly { readonly author: string; readonly html: string }[] = [],
): string {
  const below = comments.map(({ author, html }) => `<main><h4>${plain(author)}</h4>${html}</main>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><style>${style}</style><h1>${plain(title)}</h1><main>${body}</main>${below.join("")}</html>`;
}

function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const style = `
body { font: 14px/1.5 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #1f2328; margin: 24px; width: 1100px; }
h1 { font-size: 26px; font-weight: 400; border-bottom: 1px solid #d1d9e0; padding-bottom: 8px; }
main { border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; margin-bottom: 16px; }
h4 { margin: -16px -16px 12px; padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; }
h2 { font-size: 20px; border-bottom: 1px solid #d1d9e0; padding-bottom: 4px; }
code, pre { font: 12px/1.5 "DejaVu Sans Mono", monospace; background: #eff1f3; border-radius: 6px; }
code { padding: 2px 5px; }
pre { padding: 12px; white-space: pre-wrap; }
pre code { padding: 0; }
table { border-collapse: collapse; margin: 12px 0; display: block; overflow: auto; }
th, td { border: 1px solid #d1d9e0; padding: 6px 12px; text-align: left; }
tr:nth-child(2n) td { background: #f6f8fa; }
blockquote { border-left: 4px solid #d1d9e0; color: #59636e; margin: 0; padding: 0 16px; }
a { color: #0969da; text-decoration: none; }
summary { cursor: pointer; }
li:has(> input) { list-style: none; margin-left: -22px; }
`;
