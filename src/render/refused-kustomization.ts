/** What a kustomization asks for and does not get: anything remote, outside the repository or run as a program of its own. */

import { posix } from "node:path";
import { type Cursor, childOf, textAt, textOf } from "../manifests/cursor.ts";
import { kustomizationNames } from "../manifests/kustomize-tree.ts";
import {
  cursorsAt,
  fileFields,
  objectFields,
  pluginFields,
  pluginFileFields,
} from "../manifests/named-paths.ts";
import { type Refused, type SourceText, isRemote, whyUnreadable } from "./refused-file.ts";

interface Kustomization extends SourceText {
  /** The folder that it stands in. */
  readonly folder: string;
}

/** The first reason not to build with a kustomization file; null when there is none. */
export function refusedKustomization(own: Kustomization): Refused | null {
  for (const top of own.tops) {
    const refused = refusedPaths(own, top) ?? refusedPlugins(own, top) ?? refusedCharts(own, top);
    if (refused !== null) return refused;
  }
  return null;
}

function refusedPaths(own: Kustomization, top: Cursor): Refused | null {
  const named = [
    ...[...objectFields, ...pluginFields].map((field) => ({ field, folders: true })),
    ...fileFields.map((field) => ({ field, folders: false })),
  ];
  for (const { field, folders } of named) {
    for (const at of cursorsAt(top, field.split("."))) {
      const written = textOf(at) ?? "";
      const isInline = /\n|^\s*[{[]/.test(written);
      if (written === "" || isInline) continue;
      const text = field.endsWith("files.*") ? written.slice(written.indexOf("=") + 1) : written;
      const why = whyNotRead(own, text, folders);
      if (why !== null) return own.refuse(at, why);
    }
  }
  return null;
}

function whyNotRead(own: Kustomization, text: string, folders: boolean): string | null {
  const { snapshot, folder } = own;
  if (!isRemote(text) && text.startsWith("/")) return `"${text}" is absolute: name it from this folder`;
  const path = posix.join(folder, text).replace(/(?<=.)\/$/, "");
  if (path === ".." || path.startsWith("../")) return `"${text}" lies outside the repository`;
  if (snapshot.files.has(path)) return null;
  const isBuilt = folders && kustomizationNames.some((name) => snapshot.files.has(posix.join(path, name)));
  const unreadable = whyUnreadable(snapshot, path);
  if (unreadable !== null) return `"${text}" cannot be read: ${unreadable}`;
  if (isBuilt) return null;
  if (isRemote(text)) return `"${text}" is remote, and nothing is fetched: copy it into the repository`;
  return `"${text}" is ${folders ? "neither a file nor a folder with a kustomization" : "not a file"} of the repository`;
}

/** Only those that kustomize has itself. */
function refusedPlugins(own: Kustomization, top: Cursor): Refused | null {
  for (const at of pluginFields.flatMap((field) => cursorsAt(top, field.split(".")))) {
    const text = textOf(at) ?? "";
    const configs = text.includes("\n") ? own.embedded(text) : own.topsOf(posix.join(own.folder, text));
    const why = configs.map(whyNoPlugin).find((reason) => reason !== null);
    if (why !== undefined) return own.refuse(at, why);
  }
  return null;
}

/** Why a plugin is not run. */
function whyNoPlugin(config: Cursor): string | null {
  const [apiVersion, kind] = [textAt(config, "apiVersion"), textAt(config, "kind")];
  if (kind === "" || apiVersion === "") return null;
  if (apiVersion !== "builtin")
    return `the plugin ${kind} would be run as a program: only kustomize's own are`;
  return whyNotBuiltin(config);
}

/** The same of what may stand anywhere below a folder of plugins. */
export function whyNotBuiltin(config: Cursor): string | null {
  const kind = textAt(config, "kind");
  if (kind === "HelmChartInflationGenerator") return "a chart is named under helmCharts, not by a plugin";
  const remote = pluginFileFields
    .flatMap((field) => cursorsAt(config, field.split(".")))
    .map((at) => textOf(at) ?? "")
    .find((text) => text.includes("://"));
  return remote === undefined
    ? null
    : `"${remote}" is remote, and nothing is fetched: copy it into the repository`;
}

function refusedCharts(own: Kustomization, top: Cursor): Refused | null {
  const [old] = cursorsAt(top, ["helmChartInflationGenerator", "*"]);
  if (old !== undefined) return own.refuse(old, "helmChartInflationGenerator is outdated: use helmCharts");
  const globals = childOf(top, "helmGlobals");
  const config = globals === null ? null : childOf(globals, "configHome");
  if (config !== null) return own.refuse(config, "Helm has no configuration here: leave configHome out");
  const home = (globals === null ? "" : textAt(globals, "chartHome")) || "charts";
  for (const chart of cursorsAt(top, ["helmCharts", "*"])) {
    const repository = childOf(chart, "repo");
    if (repository !== null)
      return own.refuse(
        repository,
        "the chart is remote, and nothing is fetched: copy it into the repository and leave repo out",
      );
    const path = posix.join(own.folder, home, textAt(chart, "name"));
    if (!own.snapshot.files.has(posix.join(path, "Chart.yaml")))
      return own.refuse(chart, `the chart "${textAt(chart, "name")}" is not at ${path}`);
  }
  return null;
}
