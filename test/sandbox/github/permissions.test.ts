import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownManifest, readAppManifest } from "../../../src/sandbox/app-manifest.ts";
import { routes } from "../../../src/sandbox/github/routes.ts";
import type { Need, Route } from "../../../src/sandbox/github/router.ts";
import { startWorld, type Caller, type World } from "./world.ts";

let world: World;
let permissions: Readonly<Record<string, "read" | "write">>;
/** Tokens by what they lack, since many routes need the same. */
const tokens = new Map<string, Promise<Caller>>();

beforeAll(async () => {
  world = await startWorld();
  const manifest = await readAppManifest(ownManifest);
  if (!manifest.ok) throw new Error(manifest.failure.message);
  permissions = manifest.value.permissions;
});
afterAll(() => world.stop());

function needsOf({ permission }: Route): readonly Need[] {
  if (permission === undefined) return [];
  return "name" in permission ? [permission] : permission;
}

/** Everything that the App may have, but not what would open the route: at most reading where it wants to write. */
function tokenWithout(needs: readonly Need[]): Promise<Caller> {
  const key = needs.map(({ name, level }) => `${name}:${level}`).join();
  const lacking = Object.entries(permissions).flatMap(([name, level]): [string, string][] => {
    const need = needs.find((one) => one.name === name);
    if (need === undefined) return [[name, level]];
    return need.level === "write" ? [[name, "read"]] : [];
  });
  const token = tokens.get(key) ?? world.tokenFor(Object.fromEntries(lacking));
  tokens.set(key, token);
  return token;
}

/** Which permissions GitHub's documentation names for an address, the first that fits. */
const documented: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\/pulls\/.*\/(merge|update-branch)$|\/commits\/\{commit_sha\}\/pulls$/, ["contents", "pull_requests"]],
  [/\/pulls/, ["pull_requests"]],
  [/\/issues|\/labels/, ["issues", "pull_requests"]],
  [/\/check-(runs|suites)/, ["checks"]],
  [/\/deployments/, ["deployments"]],
  [/\/status(es)?(\/|$)/, ["statuses"]],
  [/^\/orgs/, ["members", "administration"]],
  [/\/forks$|\/protection$|\/collaborators|\/rules\/|\{repo\}$/, ["administration", "metadata"]],
  [/\/(git|contents|compare|commits|tarball|zipball|merges|branches|activity|releases)(\/|$)/, ["contents"]],
];

const places: Readonly<Record<string, string>> = { owner: "acme", repo: "gitops", org: "acme" };
const guarded = routes.filter((route) => needsOf(route).some(({ name }) => name !== "metadata"));

describe("an installation token", () => {
  test.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "without the permission is refused at %s",
    async (_, route) => {
      const path = route.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => places[name] ?? "1");
      const limited = await tokenWithout(needsOf(route));
      const { status, body } = await limited(route.method, path, route.method === "GET" ? undefined : {});
      expect([status, body.message]).toEqual([403, "Resource not accessible by integration"]);
    },
  );

  test.each(
    routes
      .filter((route) => needsOf(route).length > 0)
      .map((route) => [`${route.method} ${route.path}`, route] as const),
  )("reads with read and writes with write, by the documented permission: %s", (_, route) => {
    const names = documented.find(([pattern]) => pattern.test(route.path))?.[1] ?? [];
    for (const { name, level } of needsOf(route)) {
      expect(names).toContain(name);
      expect(level).toBe(route.method === "GET" ? "read" : "write");
    }
  });

  test("has every permission that a route wants, but those of administrators", () => {
    const wanted = new Set(routes.flatMap(needsOf).map(({ name }) => name));
    expect([...wanted].filter((name) => !(name in permissions))).toEqual(["administration"]);
  });
});
