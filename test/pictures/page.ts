/** A page that looks about as a pull request or issue does on GitHub. */

/** `title` is plain text, `body` is HTML. */
export function page(title: string, body: string): string {
  const head = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><style>${style}</style><h1>${head}</h1><main>${body}</main></html>`;
}

const style = `
body { font: 14px/1.5 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #1f2328; margin: 24px; width: 940px; }
h1 { font-size: 26px; font-weight: 400; border-bottom: 1px solid #d1d9e0; padding-bottom: 8px; }
main { border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px; }
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
