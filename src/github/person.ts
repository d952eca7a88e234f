/** An account as GitHub writes it. */

import type { Person } from "../model/pull.ts";

interface RawAccount {
  readonly id?: number | bigint;
  readonly login?: string;
  readonly type?: string;
}

/** Who a deleted account is shown as; id 0 is nobody's. */
const ghost: Person = { id: 0, login: "ghost", bot: false };

/** Null where GitHub could not attribute something to an account. */
export function personOrNull(account: RawAccount | null | undefined): Person | null {
  if (account?.id === undefined || account.login === undefined) return null;
  return { id: Number(account.id), login: account.login, bot: account.type === "Bot" };
}

export function person(account: RawAccount | null | undefined): Person {
  return personOrNull(account) ?? ghost;
}
