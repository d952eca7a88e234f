/** The hook by which Git asks, ref by ref, whether a push may move it. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const script = `#!/bin/sh
# $1 ref, $2 before, $3 after. What is refused and why comes from the environment.
case "$SANDBOX_REFUSED" in
  *" $1 "*) printf '%s\\n' "$SANDBOX_REASONS" >&2; exit 1 ;;
esac
zero=0000000000000000000000000000000000000000
if [ -n "$SANDBOX_NO_WORKFLOWS" ] && [ "$3" != "$zero" ]; then
  from=$2
  [ "$from" = "$zero" ] && from=$(git rev-parse --verify --quiet "refs/heads/$SANDBOX_DEFAULT_BRANCH")
  [ -z "$from" ] && from=$(git hash-object -t tree /dev/null)
  touched=$(git diff-tree -r --name-only "$from" "$3" -- .github/workflows | head -n 1)
  if [ -n "$touched" ]; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`$touched\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  fi
fi
exit 0
`;

/** Writes it into a folder of its own under `directory` and answers that folder. */
export async function installUpdateHook(directory: string): Promise<string> {
  const hooks = join(directory, "hooks");
  await mkdir(hooks, { recursive: true });
  await writeFile(join(hooks, "update"), script, { mode: 0o755 });
  return hooks;
}
