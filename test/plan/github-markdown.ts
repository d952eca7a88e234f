/** Renders Markdown as GitHub does, and finds what would act: mentions, references, links, images, HTML. */

import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

export function renderMarkdown(text: string): string {
  return micromark(text, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
}

/** Elements that our own texts are made of. */
const plain = new Set(
  "p strong em code pre table thead tbody tr th td ul ol li br blockquote details summary h2 h3 hr input".split(
    " ",
  ),
);

/** What of a text GitHub would act upon; `pages` are the beginnings of addresses that our own links may lead to. */
export function actsOf(markdown: string, pages: readonly string[] = []): readonly string[] {
  const html = renderMarkdown(markdown);
  const tags = [...html.matchAll(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g)];
  const foreign = tags.filter(([, , name = "", rest = ""]) => {
    if (plain.has(name)) return / (?:on|style|src)\w*=/i.test(rest);
    const href = /href="([^"]*)"/.exec(rest)?.[1];
    return !(name === "a" && (href === undefined || pages.some((page) => href.startsWith(page))));
  });
  const comments = [...html.matchAll(/<!--.*?-->/gs)].slice(0, -1);
  const text = html
    .replaceAll(/<(code|pre)\b.*?<\/\1>/gs, "")
    .replaceAll(/<!--.*?-->/gs, "")
    .replaceAll(/<[^>]*>/g, "");
  const words = [...text.matchAll(/@\w+|#\d+|\bGH-\d+|https?:\S+|www\.\S+|\b[0-9a-f]{40}\b/gi)];
  return [...foreign, ...comments, ...words].map(([found]) => found);
}
