/** What a `# renovate:` comment says of the value below it. */

import type { Statement } from "../model/update.ts";

/** Of an image: another data source is none of ours. */
export interface RenovateComment {
  readonly image: string;
  /** The others of its fields, by their names. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads a comment without its `#`. The fields come in any order, though the presets fix one; `image=` stands for
 * `datasource=docker depName=`. https://docs.renovatebot.com/presets-customManagers/
 */
export function readRenovateComment(comment: string): RenovateComment | null {
  const found = /^\s*renovate:\s*(\S.*)$/.exec(comment.slice(0, 1000));
  if (found === null) return null;
  const fields = Object.fromEntries(
    [...(found[1] ?? "").matchAll(/([A-Za-z]+)=(\S+)/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const { image, packageName, lookupName, depName, datasource, registryUrl, ...rest } = fields;
  if (image === undefined && datasource !== "docker") return null;
  const name = image ?? packageName ?? lookupName ?? depName;
  return name === undefined ? null : { image: inRegistry(name, registryUrl), fields: rest };
}

/** A name that begins with a host is of that registry, whatever the URL says. */
function inRegistry(name: string, url: string | undefined): string {
  const host = url?.replace(/^https?:\/\//, "").replace(/\/+$/, "") ?? "";
  return host === "" || /^[^/]*[.:][^/]*\//.test(name) ? name : `${host}/${name}`;
}

export function renovateStatement({ fields }: RenovateComment): Statement {
  return { tool: "renovate", name: "The renovate comment above it", settings: fields };
}
