import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RepositorySeed } from "../../../src/sandbox/github/seed.ts";
import { differences, recordingsOf, scenarios, type Recording } from "./fidelity/recordings.ts";
import { startWorld, type Caller, type World } from "./world.ts";

interface Replay {
  /** Name of the repository, where it is not that of the scenario. */
  readonly repository?: string;
  readonly files?: RepositorySeed["files"];
  readonly issues?: number;
  /** Exchanges left out, by method and the end of the path, with the reason. */
  readonly without?: Readonly<Record<string, string>>;
  /** Differences that are right, by the place in the answer, with the reason. */
  readonly differing?: Readonly<Record<string, string>>;
}

/** What differs of a repository. */
const settings: Replay["differing"] = {
  "/default_branch": "seeded",
  "/topics": "the sandbox's repositories have no topics",
  "/has_projects": "a setting",
  "/has_wiki": "a setting",
  "/allow_auto_merge": "a setting",
  "/allow_update_branch": "a setting",
  "/use_squash_pr_title_as_default": "deprecated since it was recorded",
  "/temp_clone_token": "given to people who may clone a private repository by it; deprecated",
};

/** Every scenario that was recorded: how it is replayed, or why it is not. */
const plan: Readonly<Record<string, Replay | string>> = {
  "add-and-remove-repository-collaborator": "there are no invitations, since nobody reads mail here",
  "add-labels-to-issue": {},
  "branch-protection": {
    without: {
      "put /protection": "the App may not administrate; protection is seeded",
      "delete /protection": "it would remove what the put made",
    },
  },
  "create-file": { files: new Map() },
  "create-status": {},
  errors: {},
  "get-archive": {
    without: {
      "get /legacy.tar.gz/refs/heads/main": "the address is the server's own, and followed elsewhere",
    },
  },
  "get-content": {
    repository: "hello-world",
    files: new Map([["README.md", "# hello-world"]]),
  },
  "get-organization": {
    differing: Object.fromEntries(
      [
        "/members_",
        "/default_repository_permission",
        "/total_private_repos",
        "/owned_private_repos",
        "/private_gists",
        "/disk_usage",
        "/collaborators",
        "/billing_email",
        "/two_factor_requirement_enabled",
        "/web_commit_signoff_required",
        "/plan",
      ].map((place) => [place, "shown to owners only, and of no use here"]),
    ),
  },
  "get-repository": {
    repository: "hello-world",
    differing: settings,
  },
  "get-root": "nothing asks for the list of addresses",
  "git-refs": {
    without: { "get /git/refs/": "the description has it no longer; its successor is matching-refs" },
  },
  labels: {},
  "lock-issue": { issues: 1 },
  "mark-notifications-as-read": "there are no notifications",
  markdown: "nothing renders Markdown",
  "paginate-issues": { issues: 13 },
  "project-cards": "classic projects are gone from GitHub",
  "release-assets": "there are no releases",
  "release-assets-conflict": "there are no releases",
  "rename-repository": { differing: settings },
  "search-issues": "nothing searches",
};

let world: World;
let user: Caller;

beforeAll(async () => {
  world = await startWorld();
  user = world.as(world.github.addUser("octokit-fixture-user-a"));
  const { account, members } = world.github.addOrganisation("octokit-fixture-org", [
    "octokit-fixture-user-a",
  ]);
  const owner = [...members.keys()][0]!;
  members.set(owner, "admin");
  expect(account.login).toBe("octokit-fixture-org");
});
afterAll(() => world.stop());

/** The two commits that recordings name by made-up ids: the tip of main and its parent. */
type Commits = readonly [string, string];

async function prepare(scenario: string, replay: Replay): Promise<Commits> {
  const name = replay.repository ?? scenario;
  const there = world.github.hub.store.repositories.find((one) => one.name === name);
  const seed = { files: replay.files ?? new Map([["README.md", "# hello-world"]]), public: true };
  const repository = there ?? (await world.github.addRepository("octokit-fixture-org", name, seed));
  for (let n = 1; n <= (replay.issues ?? 0); n += 1) {
    await user("POST", `/repos/octokit-fixture-org/${name}/issues`, { title: `Test issue ${n}` });
  }
  const git = world.github.hub.git(repository);
  const root = await git.ref("refs/heads/main");
  if (root === undefined) return ["", ""];
  const home = `/repos/octokit-fixture-org/${name}/git`;
  const { tree } = await git.commit(root);
  const made = await user("POST", `${home}/commits`, { message: "Another", tree, parents: [root] });
  await user("PATCH", `${home}/refs/heads/main`, { sha: made.body.sha });
  return [made.body.sha, root];
}

function withCommits(text: string, [first, second]: Commits): string {
  return text.replaceAll(`${"0".repeat(39)}1`, first).replaceAll(`${"0".repeat(39)}2`, second);
}

interface Difference {
  readonly exchange: string;
  readonly found: readonly string[];
}

async function replayAll(scenario: string, replay: Replay): Promise<Difference[]> {
  const commits = await prepare(scenario, replay);
  const found: Difference[] = [];
  let next = "";
  for (const recording of recordingsOf(scenario)) {
    const exchange = `${recording.method} ${recording.path}`;
    if (Object.keys(replay.without ?? {}).some((one) => isMeant(one, recording))) continue;
    // github.com's links name a repository by its number: whoever pages or is redirected follows it, and so is done here.
    const path = recording.path.startsWith("/repositories/") ? next : recording.path;
    const body =
      recording.body === "" ? undefined : JSON.parse(withCommits(JSON.stringify(recording.body), commits));
    const headers = { accept: String(recording.reqheaders["accept"]) };
    const answer = await user(recording.method.toUpperCase(), withCommits(path, commits), body, headers);
    const link = answer.headers.get("link") ?? "";
    next = answer.headers.get("location") ?? /<([^>]+)>; rel="next"/.exec(link)?.[1] ?? next;
    const all = [
      ...(answer.status === recording.status ? [] : [`status ${answer.status}, not ${recording.status}`]),
      ...differences(relations(String(recording.headers["link"] ?? "")), relations(link), "link"),
      ...differences(Boolean(recording.headers["location"]), answer.headers.has("location"), "location"),
      ...differences(recording.response, answer.body),
    ].filter((one) => !Object.keys(replay.differing ?? {}).some((place) => one.startsWith(place)));
    if (all.length > 0) found.push({ exchange, found: all });
  }
  return found;
}

function isMeant(one: string, recording: Recording): boolean {
  const [method, end] = one.split(" ") as [string, string];
  const empty = method === "get" && recording.status === 404;
  return method === recording.method && recording.path.endsWith(end) && !empty;
}

/** The kinds of links in their order. */
function relations(link: string): string[] {
  return [...link.matchAll(/rel="(\w+)"/g)].map((found) => found[1]!);
}

describe("exchanges recorded from github.com", () => {
  test("are all planned for", () => {
    expect(Object.keys(plan).toSorted()).toEqual(scenarios().toSorted());
  });

  const replayed = Object.entries(plan).filter(
    (entry): entry is [string, Replay] => typeof entry[1] !== "string",
  );
  test.each(replayed)("%s goes the same here", async (scenario, replay) => {
    expect(await replayAll(scenario, replay)).toEqual([]);
  });
});
