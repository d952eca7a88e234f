/** An account as an object of the GraphQL schema. */

import type { Hub } from "../hub.ts";
import { nodeId } from "../present/links.ts";
import type { Account } from "../state.ts";
import type { Node } from "./project.ts";

export function actorNode(hub: Hub, account: Account): Node {
  return {
    __typename: account.type,
    id: nodeId(account.type === "Bot" ? "BOT" : "U", account.id),
    databaseId: account.id,
    login: account.login.replace(/\[bot\]$/, ""),
    url: `${hub.store.webUrl}/${account.login}`,
  };
}
