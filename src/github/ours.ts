/** Whether something was written by this App. */

interface Written {
  readonly user?: { readonly id?: number | bigint } | null;
}

/**
 * By the id of the account that the App acts as, never by a name. That something came through the App proves nothing:
 * GitHub says so, in `performed_via_github_app`, of what people write with a user token of the App as well.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-with-a-github-app-on-behalf-of-a-user
 */
export function isOurs({ user }: Written, selfId: number): boolean {
  return selfId !== 0 && Number(user?.id) === selfId;
}
