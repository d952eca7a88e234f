/** YAML of the sandbox's own input files, which people write. */

import { parseDocument } from "yaml";
import { type Result, fail, ok } from "../model/failure.ts";

/** The value of a document; `malformed` names the file and shows the line. */
export function parseYaml(text: string, file: string): Result<unknown> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return fail("malformed", `${file}: ${error.message.trimEnd()}`);
  return ok(document.toJS());
}
