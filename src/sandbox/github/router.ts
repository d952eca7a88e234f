/** The route table of the sandbox's GitHub: how a path finds its handler and what a handler is given. */

import type { Actor } from "./actor.ts";
import type { Answer } from "./answer.ts";
import type { Hub } from "./hub.ts";
import type { Repository } from "./repository-state.ts";
import type { Level, Role } from "./state.ts";

export interface Context {
  readonly hub: Hub;
  readonly actor: Actor;
  /** Of `{owner}/{repo}`; routes without it must not ask. */
  readonly repository: Repository;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON object sent; empty where none was. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Absolute address of the request, for links to other pages. */
  readonly url: URL;
  readonly accept: string;
}

/** A permission of an App and the level that a call needs. */
export interface Need {
  readonly name: string;
  readonly level: Level;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path exactly as GitHub's OpenAPI description writes it. */
  readonly path: string;
  /** Any one of several suffices. Without it every credential may call, for repositories that it may see. */
  readonly permission?: Need | readonly Need[];
  /** What a person needs; by default `read` for reading and `write` for writing. */
  readonly role?: Role;
  /** `app` for routes that want the App's JWT. */
  readonly as?: "app";
  readonly handle: (context: Context) => Promise<Answer> | Answer;
}

/** Parameters whose value may hold slashes. */
const wide = new Set(["ref", "path", "basehead", "branch", "commit_sha"]);

/** Where the last parameter may be left out, with its slash. */
const openEnded = /\/(contents\/\{path\}|(tar|zip)ball\/\{ref\})$/;

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly literals: number;
}

function compile(route: Route): Compiled {
  const names: string[] = [];
  const parts = route.path.split("/").map((part) => {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(name);
    return wide.has(name) ? "(.+?)" : "([^/]+)";
  });
  const literals = route.path.split("/").filter((part) => !part.startsWith("{")).length;
  const pattern = openEnded.test(route.path)
    ? `^${parts.slice(0, -1).join("/")}(?:/(.*))?$`
    : `^${parts.join("/")}$`;
  return { route, pattern: new RegExp(pattern), names, literals };
}

/** Finds the route of a request; where several fit, the one with the most literal parts wins. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => { route: Route; params: Record<string, string> } | undefined {
  const compiled = routes.map(compile).sort((a, b) => b.literals - a.literals);
  const byMethod = Map.groupBy(compiled, ({ route }) => route.method as string);
  return (method, path) => {
    for (const { route, pattern, names } of byMethod.get(method) ?? []) {
      const found = pattern.exec(path);
      if (!found) continue;
      const params = Object.fromEntries(
        names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]),
      );
      return { route, params };
    }
    return undefined;
  };
}
