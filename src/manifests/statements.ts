/** What other tools' settings say of the images of a file: the comments beside them, and objects of the repository. */

import type { Occurrence, Statement } from "../model/update.ts";
import { argoStatement } from "./argo-statement.ts";
import { fluxImages } from "./flux-policies.ts";
import { fluxStatement, readMarker } from "./flux-statement.ts";
import { readRenovateComment, renovateStatement } from "./renovate-statement.ts";
import type { Context } from "./shape.ts";

/** The occurrences of a file, each with its statement; the one that stands nearest to the value counts. */
export function withStatements(
  text: string,
  context: Context,
  occurrences: readonly Occurrence[],
): readonly Occurrence[] {
  const commented = /\$imagepolicy|renovate:/.test(text);
  const lines = commented ? text.split(/\r?\n/) : [];
  return occurrences.map((occurrence) => {
    const statement =
      (commented ? commentStatement(lines, context, occurrence) : null) ?? argoStatement(context, occurrence);
    return statement === null ? occurrence : { ...occurrence, statement };
  });
}

function commentStatement(
  lines: readonly string[],
  context: Context,
  occurrence: Occurrence,
): Statement | null {
  const { line, column, start, end } = occurrence;
  const rest = lines[line - 1]?.slice(column - 1 + end - start) ?? "";
  const marker = readMarker(/^["']?\s*#(.*)$/.exec(rest)?.[1] ?? "");
  if (marker !== null)
    return fluxStatement(marker, fluxImages(context.files), { occurrence, text: context.text });
  const above = /^\s*(?:- )?#(.*)$/.exec(lines[line - 2] ?? "")?.[1] ?? "";
  const comment = readRenovateComment(above);
  return comment === null ? null : renovateStatement(comment);
}
