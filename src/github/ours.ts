/** Whether something was written by this App. */

interface Written {
  readonly performed_via_github_app?: { readonly id?: number | bigint } | null;
  readonly user?: { readonly id?: number | bigint } | null;
}

/** By the App's id where GitHub tells it, else by the id of the account that the App acts as; never by a name. */
export function isOurs(raw: Written, appId: number, selfId: number): boolean {
  return raw.performed_via_github_app?.id === appId || raw.user?.id === selfId;
}
