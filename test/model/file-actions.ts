/** What people do to files on the default branch. */

import { configPath } from "../../src/config/config.ts";
import { type Action, editBase, manifests, pick, textOf } from "./action.ts";
import { groupings } from "./groups.ts";
import { entryLike, filesOf, images, layouts, placesOf, withVersions } from "./manifest.ts";
import { commitTo } from "./people.ts";
import { placesOnBase } from "./run.ts";
import { isFollowed } from "./shelf.ts";
import { configText } from "./stage.ts";

export const insertComment: Action = async (run, [which, at, how]) => {
  const [file, text] = pick(await manifests(run), which) ?? ["", ""];
  const lines = text.split("\n");
  const line = at % lines.length;
  lines.splice(line, 0, how % 3 === 0 ? "# the same" : `# note ${(run.count += 1)}`);
  await editBase(run, file, lines.join("\n"));
  return `a comment is put above line ${line + 1} of ${file}`;
};

export const removeComment: Action = async (run, [which, at]) => {
  const commented = (await manifests(run)).filter(([, text]) => /^#/m.test(text));
  const [file, text] = pick(commented, which) ?? ["", ""];
  const lines = text.split("\n");
  const notes = lines.flatMap((line, index) => (line.startsWith("#") ? [index] : []));
  const line = pick(notes, at);
  if (line === undefined) return null;
  await editBase(run, file, lines.toSpliced(line, 1).join("\n"));
  return `the comment on line ${line + 1} of ${file} is removed`;
};

export const commentBehind: Action = async (run, [which, at]) => {
  const place = pick(await placesOnBase(run), which + at);
  if (place === undefined) return null;
  const text = await textOf(run, place.file);
  const line = place.lines[0] ?? 1;
  const lines = text
    .split("\n")
    .map((old, index) => (index === line - 1 ? `${old} # ${(run.count += 1)}` : old));
  await editBase(run, place.file, lines.join("\n"));
  return `a comment is put behind ${place.image} on line ${line} of ${place.file}`;
};

export const setVersion: Action = async (run, [which, to]) => {
  const place = pick(await placesOnBase(run), which);
  const tag = place && pick([...run.shelf.releases(place.image), place.tag], to);
  if (place === undefined || tag === undefined || tag === place.tag) return null;
  const version = run.shelf.version(place.image, tag);
  await editBase(run, place.file, withVersions(await textOf(run, place.file), [[place, version]]));
  return `${place.image} in ${place.file} is set from ${place.tag} to ${tag} by hand`;
};

export const addImage: Action = async (run, [which, which2]) => {
  const place = pick(await placesOnBase(run), which);
  const image = pick(images, which2)?.name ?? "a";
  if (place === undefined) return null;
  const lines = (await textOf(run, place.file)).split("\n");
  const at = place.lines[0] ?? 1;
  const old = isFollowed(image) ? "main" : "1.0.0";
  const entry = entryLike(lines[at - 1] ?? "", image, run.shelf.version(image, old));
  if (entry === undefined) return null;
  await editBase(run, place.file, lines.toSpliced(at, 0, entry).join("\n"));
  return `${image}:${old} is added below line ${at} of ${place.file}`;
};

export const removeImage: Action = async (run, [which]) => {
  const place = pick(await placesOnBase(run), which);
  if (place === undefined) return null;
  const text = await textOf(run, place.file);
  const lines = text.split("\n");
  const at = (place.lines[0] ?? 1) - 1;
  const wide = /^ +image:/.test(lines[at] ?? "") && /^ +- name:/.test(lines[at - 1] ?? "");
  if (!wide && !/^ *- image:/.test(lines[at] ?? "")) return null;
  if (placesOf(place.file, text).length < 2) return null;
  await editBase(run, place.file, lines.toSpliced(wide ? at - 1 : at, wide ? 2 : 1).join("\n"));
  return `${place.image} is removed from ${place.file}`;
};

export const renameFile: Action = async (run, [which, how]) => {
  const [file, text] = pick(await manifests(run), which) ?? ["", ""];
  const [apps, app, environment, name] = file.split("/");
  const other = environment === "staging" ? "production" : "staging";
  const renamed =
    how % 2 === 0 ? `${apps}/${app}x/${environment}/${name}` : `${apps}/${app}/${other}/${name}`;
  if (file === "" || (await textOf(run, renamed)) !== "") return null;
  await commitTo(
    run,
    run.plot.record.defaultBranch,
    new Map([
      [file, null],
      [renamed, text],
    ]),
  );
  run.formerly.set(renamed, [...(run.formerly.get(renamed) ?? []), file, ...(run.formerly.get(file) ?? [])]);
  return `${file} becomes ${renamed}`;
};

export const deleteFile: Action = async (run, [which]) => {
  const all = await manifests(run);
  const [file] = pick(all, which) ?? [""];
  if (all.length < 2) return null;
  await commitTo(run, run.plot.record.defaultBranch, new Map([[file, null]]));
  return `${file} is deleted`;
};

export const bringFile: Action = async (run, [which, at]) => {
  const files = filesOf(pick(layouts, which) ?? {}, (image) =>
    run.shelf.version(image, isFollowed(image) ? "main" : "1.0.0"),
  );
  const [file, text] = pick([...files], at) ?? ["", ""];
  if ((await textOf(run, file)) === text) return null;
  await editBase(run, file, text);
  return `${file} is put there as it was in the beginning`;
};

export const changeConfig: Action = async (run, [limit, which]) => {
  const most = [10, 1, 2, 3][limit % 4] ?? 10;
  const grouping = groupings[which % groupings.length] ?? "image";
  const text = configText(most, grouping);
  if (text === (await textOf(run, configPath))) return null;
  await editBase(run, configPath, text);
  return `the limit is set to ${most}, and the grouping to ${grouping}`;
};

export const editReadme: Action = async (run) => {
  await editBase(run, "README.md", `hello ${(run.count += 1)}\n`);
  return "the README is edited";
};
