/** Reads annotations and labels: https://github.com/opencontainers/image-spec, `annotations.md` */

import type { ImageLabels } from "../model/image-labels.ts";

const prefix = "org.opencontainers.image.";
const texts = ["source", "revision", "version", "url", "documentation", "licenses"] as const;
/** What the names were before: https://label-schema.org/rc1 */
const older: Readonly<Record<string, string>> = {
  source: "org.label-schema.vcs-url",
  revision: "org.label-schema.vcs-ref",
  version: "org.label-schema.version",
  url: "org.label-schema.url",
  documentation: "org.label-schema.usage",
  created: "org.label-schema.build-date",
};
const longestText = 300;
/** There were no images before; builds that are to be reproducible give 1970 or 1980. */
const firstYear = 2013;

/** What annotations of an index or a manifest, or labels of a config say; anything that is no such map says nothing. */
export function labelsIn(map: unknown): ImageLabels {
  const values = typeof map === "object" && map !== null ? (map as Readonly<Record<string, unknown>>) : {};
  const read = (field: string): unknown => {
    const [own, before] = [values[prefix + field], older[field]];
    return (own === undefined || own === "") && before !== undefined ? values[before] : own;
  };
  const [source, revision, version, url, documentation, licenses] = texts.map((field) => textOf(read(field)));
  return {
    source: source ?? null,
    revision: revision ?? null,
    version: version ?? null,
    url: url ?? null,
    documentation: documentation ?? null,
    licenses: licenses ?? null,
    created: dateOf(read("created")),
  };
}

/** Each field from the first that says something. */
export function firstLabels(first: ImageLabels, second: ImageLabels): ImageLabels {
  return {
    source: first.source ?? second.source,
    revision: first.revision ?? second.revision,
    version: first.version ?? second.version,
    url: first.url ?? second.url,
    documentation: first.documentation ?? second.documentation,
    licenses: first.licenses ?? second.licenses,
    created: first.created ?? second.created,
  };
}

/** A text that is too long, or holds what cannot be seen, is not cut but left out: half an address leads elsewhere. */
function textOf(value: unknown): string | null {
  const text = typeof value === "string" && value.length <= 2 * longestText ? value.trim() : "";
  return text === "" || text.length > longestText || /[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? null : text;
}

/** Null where it is no date, or none that can be true. */
export function dateOf(value: unknown): Date | null {
  const date = new Date(typeof value === "string" && value.length <= longestText ? value : Number.NaN);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < firstYear ? null : date;
}
