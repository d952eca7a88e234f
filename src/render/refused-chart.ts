/** What a chart depends on and is not there: nothing is fetched. */

import { posix } from "node:path";
import { textAt } from "../manifests/cursor.ts";
import { cursorsAt } from "../manifests/named-paths.ts";
import type { Snapshot } from "../model/repository.ts";
import type { Refused, SourceText } from "./refused-file.ts";

/** A chart of the repository that another takes in by a `file://` address. */
export interface LocalChart {
  readonly name: string;
  readonly path: string;
}

interface Chart extends SourceText {
  readonly folder: string;
}

/** The first dependency, of a Chart.yaml or requirements.yaml, that is not in the repository; null when there is none. */
export function refusedChart(own: Chart): Refused | null {
  for (const top of own.tops) {
    for (const dependency of cursorsAt(top, ["dependencies", "*"])) {
      const name = textAt(dependency, "name");
      if (isVendored(own.snapshot, own.folder, name)) continue;
      const repository = textAt(dependency, "repository");
      const path = localPath(own.folder, repository);
      if (path !== null && own.snapshot.files.has(posix.join(path, "Chart.yaml"))) continue;
      return own.refuse(dependency, whyMissing(name, repository, path));
    }
  }
  return null;
}

function whyMissing(name: string, repository: string, path: string | null): string {
  if (path !== null) return `the chart "${name}" is not at ${path}`;
  if (repository.startsWith("file:")) return `the chart "${name}" lies outside the repository`;
  const fix = "run helm dependency build and commit the folder charts, or name a chart of the repository";
  return `the chart "${name}" is not in ${repository === "" ? "charts" : "the repository"}, and nothing is fetched: ${fix}`;
}

/** What has to be put into the chart's own folder for charts, as `helm dependency build` would. */
export function localCharts({ tops, snapshot, folder }: Chart): readonly LocalChart[] {
  return tops.flatMap((top) =>
    cursorsAt(top, ["dependencies", "*"]).flatMap((dependency) => {
      const name = textAt(dependency, "name");
      const path = localPath(folder, textAt(dependency, "repository"));
      return path === null || isVendored(snapshot, folder, name) ? [] : [{ name, path }];
    }),
  );
}

function isVendored({ files }: Snapshot, folder: string, name: string): boolean {
  const prefix = posix.join(folder, "charts", name);
  if (name === "" || name.includes("/")) return false;
  return files.has(`${prefix}/Chart.yaml`) || [...files.keys()].some((path) => isArchive(path, prefix));
}

/** `name-1.2.3.tgz` */
function isArchive(path: string, prefix: string): boolean {
  return path.startsWith(`${prefix}-`) && /^-v?\d[^/]*\.tgz$/.test(path.slice(prefix.length));
}

function localPath(folder: string, repository: string): string | null {
  if (!repository.startsWith("file://")) return null;
  const path = posix.join(folder, repository.slice("file://".length)).replace(/(?<=.)\/$/, "");
  const leaves = repository.startsWith("file:///") || path === ".." || path.startsWith("../");
  return leaves ? null : path;
}
