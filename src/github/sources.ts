/** Public repositories of GitHub, in which the sources of images lie. */

import type { Sources } from "../ports/forge.ts";
import type { Place } from "./place.ts";
import { attempt } from "./translate.ts";

const longestNotes = 10_000;

export function sourcesOf({ octokit }: Place): Sources {
  return {
    releases: ({ owner, name }) =>
      attempt(`list the releases of ${owner}/${name}`, async () => {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/releases", {
          owner,
          repo: name,
          per_page: 100,
        });
        return data.map((raw) => ({
          tag: raw.tag_name,
          title: raw.name ?? "",
          notes: (raw.body ?? "").slice(0, longestNotes),
          draft: raw.draft,
        }));
      }),
  };
}
