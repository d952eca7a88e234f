/** What the annotations and the objects of Argo CD Image Updater say of the images of an Application. */

import { posix } from "node:path";
import type { Occurrence, Statement } from "../model/update.ts";
import { fullName } from "./full-name.ts";
import { type UpdaterEntry, updaterEntries } from "./argo-updater.ts";
import { type Cursor, childOf, descend, itemsOf, textAt, textOf } from "./cursor.ts";
import { type Files, objectsWith, rememberedFor } from "./repository-objects.ts";
import type { Context } from "./shape.ts";
import { updaterAnnotations, updaterPrefix } from "./updater-annotations.ts";

/** One image of one Application. */
interface Listed {
  readonly statement: Statement;
  /** The names that the image has in manifests, each in full. */
  readonly images: readonly string[];
  /** Folders and files that belong to the Application. */
  readonly paths: readonly string[];
  /** Where the Application stands itself: what it overrides is there. */
  readonly file: string;
  readonly index: number;
}

/** Null where no Application of the repository lists the image of an occurrence that belongs to it. */
export function argoStatement({ files }: Context, { file, path, image }: Occurrence): Statement | null {
  const listed = listedImages(files);
  if (listed.length === 0) return null;
  const name = fullName(image);
  const found = listed.find(
    (one) =>
      one.images.includes(name) &&
      (one.file === file ? path.startsWith(`${one.index}/`) : one.paths.some((own) => isUnder(file, own))),
  );
  return found?.statement ?? null;
}

function isUnder(file: string, path: string): boolean {
  return path === "." || file === path || file.startsWith(`${path}/`);
}

const listedImages = rememberedFor((files: Files): readonly Listed[] => [
  ...updaterEntries(files).flatMap((one) => listedOf(one) ?? []),
  ...objectsWith(`${updaterPrefix}image-list`, files).flatMap((application) => {
    const annotations = updaterAnnotations(application.object);
    const name = `Application ${textOf(descend(application.object, ["metadata", "name"])) ?? ""}`;
    const list = annotations["image-list"] ?? "";
    return list.split(",").flatMap((entry) => listedOf({ name, application, annotations, entry }) ?? []);
  }),
]);

/** `[alias=]image[:constraint]`. https://argocd-image-updater.readthedocs.io/en/stable/basics/update-strategies/ */
function listedOf({ name, application, annotations, entry }: UpdaterEntry): Listed | null {
  const { file, index, object } = application;
  const found = /^\s*(?:([A-Za-z0-9_-]+)=)?([^\s:]+(?::\d+\/[^\s:]+)?)(?::(.+?))?\s*$/.exec(entry);
  if (found === null) return null;
  const [, alias, image = "", constraint] = found;
  const own = (name: string): string | undefined =>
    (alias === undefined ? undefined : annotations[`${alias}.${name}`]) ?? annotations[name];
  const settings = {
    constraint,
    "update-strategy": own("update-strategy"),
    "allow-tags": own("allow-tags"),
    "ignore-tags": own("ignore-tags"),
    platforms: own("platforms"),
  };
  const original = alias === undefined ? undefined : annotations[`${alias}.kustomize.image-name`];
  const given = Object.entries(settings).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    statement: { tool: "argocd", name, settings: Object.fromEntries(given) },
    images: [image, ...(original === undefined ? [] : [original])].map(fullName),
    paths: pathsOf(object, annotations["write-back-target"] ?? ""),
    file,
    index,
  };
}

/** The folders of its sources, and the file or folder that the updater writes to. */
function pathsOf(object: Cursor, target: string): readonly string[] {
  const spec = descend(
    object,
    textAt(object, "kind") === "ApplicationSet" ? ["spec", "template", "spec"] : ["spec"],
  );
  if (spec === null) return [];
  const several = childOf(spec, "sources");
  const sources = [childOf(spec, "source"), ...(several === null ? [] : itemsOf(several))];
  const folders = sources.flatMap((source) => (source === null ? [] : textAt(source, "path") || []));
  const written = /^(?:helmvalues|kustomization):(.+)$/.exec(target)?.[1];
  const targets =
    written === undefined
      ? []
      : written.startsWith("/")
        ? [written.slice(1)]
        : folders.map((folder) => posix.join(folder, written));
  return [...folders, ...targets]
    .filter((path) => !path.includes("{{"))
    .map((path) => posix.normalize(path).replace(/^\/|\/$/g, "") || ".");
}
