/** The signature that GitHub puts on commits made through it: here a keyed hash that only this process can make. */

import { createHmac } from "node:crypto";
import { formatCommit, type CommitObject, type Signature } from "./git/object-text.ts";
import type { Git } from "./git/git.ts";
import type { Account } from "./state.ts";
import type { Store } from "./store.ts";

type CommitDraft = Pick<CommitObject, "tree" | "parents" | "author" | "committer" | "message">;

function signatureOf(store: Store, payload: string): string {
  const hash = createHmac("sha512", store.signingSecret).update(payload).digest("base64");
  return `-----BEGIN PGP SIGNATURE-----\n\n${hash}\n-----END PGP SIGNATURE-----\n`;
}

/** Whether GitHub made the commit itself and nobody changed it since. */
export function isVerified(store: Store, commit: CommitObject): boolean {
  return commit.signature !== null && commit.signature.trim() === signatureOf(store, commit.payload).trim();
}

/** Writes a commit; `signed` for those that GitHub vouches for. */
export async function writeCommit(
  store: Store,
  git: Git,
  draft: CommitDraft,
  signed: boolean,
): Promise<string> {
  const payload = formatCommit({ ...draft, signature: null });
  const signature = signed ? signatureOf(store, payload).trim() : null;
  return await git.write("commit", formatCommit({ ...draft, signature }));
}

/** How an account signs a commit made through GitHub. */
export function personOf(account: Account, date: Date): Signature {
  return { name: account.name ?? account.login, email: account.email, date, zone: "+0000" };
}

/** The committer of what is made on the web: GitHub itself. */
export function webFlow(store: Store): Signature {
  return { name: "GitHub", email: "noreply@github.com", date: store.now(), zone: "+0000" };
}

/** The account behind an address in a commit, as GitHub attributes it; null where nobody is known by it. */
export function accountByEmail(store: Store, email: string): Account | null {
  const wanted = email.toLowerCase();
  const found = store.accounts.find(
    (account) =>
      account.email.toLowerCase() === wanted ||
      `${account.login}@users.noreply.github.com`.toLowerCase() === wanted,
  );
  return found ?? null;
}
