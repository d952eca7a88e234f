import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

let world: World;
let number: number;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

beforeEach(async () => {
  const issue = await world.app("POST", `${world.home}/issues`, {
    title: "Drift of web",
    body: "One field.",
  });
  expect(issue.status).toBe(201);
  number = issue.body.number;
  await world.github.settle();
  world.receiver.take();
});

const at = (rest = ""): string => `${world.home}/issues/${number}${rest}`;
const told = async (): Promise<string[]> => {
  await world.github.settle();
  return world.receiver.take();
};

describe("issues", () => {
  test("are opened by the App in its own name, which is told by its id", async () => {
    const { body } = await world.app("GET", at());
    expect(body.user).toMatchObject({ login: "lockkeeper[bot]", type: "Bot" });
    expect(body.performed_via_github_app.id).toBe(world.github.appId);
    const ada = await world.ada("POST", `${world.home}/issues`, { title: "By hand" });
    expect(ada.body.performed_via_github_app).toBeNull();
  });

  test("are closed and opened again, each with its event", async () => {
    const closed = await world.app("PATCH", at(), { state: "closed" });
    expect(closed.body).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(closed.body.closed_by.login).toBe("lockkeeper[bot]");
    await world.app("PATCH", at(), { state: "open", title: "Drift of api" });
    expect(await told()).toEqual(["issues.closed", "issues.edited", "issues.reopened"]);
  });

  test("are listed by label, creator and state", async () => {
    await world.app("POST", at("/labels"), { labels: ["lockkeeper/drift"] });
    const by = async (query: string): Promise<number[]> =>
      (await world.app("GET", `${world.home}/issues?${query}`)).body.map(
        (issue: { number: number }) => issue.number,
      );
    expect(await by("labels=lockkeeper/drift&creator=lockkeeper[bot]")).toContain(number);
    expect(await by("labels=lockkeeper/drift&creator=ada")).not.toContain(number);
    expect(await by("labels=lockkeeper/drift&state=closed")).not.toContain(number);
  });

  test("tell by GraphQL who has edited their text, the latest edit first, from the first change on", async () => {
    const history = async (size = "(first: 100)") => {
      const query = `query ($number: Int!) { repository(owner: "acme", name: "gitops") { issue(number: $number) {
        lastEditedAt userContentEdits${size} { totalCount nodes { editor { __typename login } } } } } }`;
      return (await world.app("POST", "/graphql", { query, variables: { number } })).body;
    };
    expect((await history()).data.repository.issue).toEqual({
      lastEditedAt: null,
      userContentEdits: { totalCount: 0, nodes: [] },
    });
    await world.ada("PATCH", at(), { body: "Two fields." });
    await world.ada("PATCH", at(), { title: "Another title" });
    const { lastEditedAt, userContentEdits } = (await history()).data.repository.issue;
    expect(lastEditedAt).not.toBeNull();
    expect(userContentEdits.nodes.map((edit: { editor: object }) => edit.editor)).toEqual([
      { __typename: "User", login: "ada" },
      { __typename: "Bot", login: "lockkeeper" },
    ]);
    expect((await history("")).errors).toMatchObject([{ type: "MISSING_PAGINATION_BOUNDARIES" }]);
    expect((await history("(first: 101)")).errors).toMatchObject([{ type: "EXCESSIVE_PAGINATION" }]);
    number = 4711;
    expect((await history()).errors).toMatchObject([{ type: "NOT_FOUND" }]);
  });

  test("are not found, and want a title", async () => {
    expect((await world.app("GET", `${world.home}/issues/4711`)).status).toBe(404);
    expect((await world.app("POST", `${world.home}/issues`, { title: " " })).status).toBe(422);
  });

  test("a person who may only read can open one, but not label or close another's", async () => {
    const opened = await world.mallory("POST", `${world.home}/issues`, { title: "Help", labels: ["bug"] });
    expect(opened.body.labels).toEqual([]);
    expect((await world.mallory("PATCH", at(), { state: "closed" })).status).toBe(403);
    expect((await world.mallory("POST", at("/labels"), { labels: ["bug"] })).status).toBe(403);
  });

  test("a token without the permission is refused in GitHub's words", async () => {
    const limited = await world.tokenFor({ contents: "write" });
    const refused = await limited("POST", `${world.home}/issues`, { title: "No" });
    expect([refused.status, refused.body.message]).toEqual([403, "Resource not accessible by integration"]);
    const reading = await world.tokenFor({ issues: "read" });
    expect((await reading("GET", at())).status).toBe(200);
    expect((await reading("PATCH", at(), { state: "closed" })).status).toBe(403);
  });
});

describe("comments", () => {
  test("are made, changed, listed for the repository and deleted", async () => {
    const made = await world.grace("POST", at("/comments"), { body: "/lockkeeper status" });
    expect(made.status).toBe(201);
    const one = `${world.home}/issues/comments/${made.body.id}`;
    await world.grace("PATCH", one, { body: "/lockkeeper help" });
    const all = await world.app("GET", `${world.home}/issues/comments?sort=updated&direction=desc`);
    expect(all.body[0]).toMatchObject({ id: made.body.id, body: "/lockkeeper help" });
    expect((await world.app("DELETE", one)).status).toBe(204);
    expect((await world.app("GET", one)).status).toBe(404);
    expect(await told()).toEqual(["issue_comment.created", "issue_comment.edited", "issue_comment.deleted"]);
  });

  test("of the repository are listed since a moment", async () => {
    await world.grace("POST", at("/comments"), { body: "before" });
    const later = new Date(Date.now() + 60_000).toISOString();
    expect((await world.app("GET", `${world.home}/issues/comments?since=${later}`)).body).toEqual([]);
    expect((await world.app("GET", at(`/comments?since=2020-01-01T00:00:00Z`))).body).toHaveLength(1);
  });

  test("are at most 65,536 characters long", async () => {
    expect((await world.app("POST", at("/comments"), { body: "x".repeat(65_536) })).status).toBe(201);
    const long = await world.app("POST", at("/comments"), { body: "x".repeat(65_537) });
    expect([long.status, long.body.message]).toEqual([422, "Validation Failed"]);
    expect((await world.app("PATCH", at(), { body: "x".repeat(65_537) })).status).toBe(422);
  });

  test("of others are changed by whoever may write, and by nobody else", async () => {
    const { body } = await world.app("POST", at("/comments"), { body: "ours" });
    const one = `${world.home}/issues/comments/${body.id}`;
    expect((await world.mallory("PATCH", one, { body: "theirs" })).status).toBe(403);
    expect((await world.grace("PATCH", one, { body: "edited" })).body.body).toBe("edited");
  });
});

describe("labels", () => {
  test("are made when an issue gets them, and put on it once", async () => {
    await world.app("POST", at("/labels"), { labels: ["Team", "team"] });
    const again = await world.app("POST", at("/labels"), { labels: ["TEAM"] });
    expect(again.body.map((label: { name: string }) => label.name)).toEqual(["Team"]);
    expect(await told()).toEqual(["issues.labeled"]);
    expect((await world.app("DELETE", at("/labels/team"))).body).toEqual([]);
    expect((await world.app("DELETE", at("/labels/team"))).status).toBe(404);
  });

  test("of the repository are made, renamed and deleted, with a colour of six digits", async () => {
    const labels = `${world.home}/labels`;
    expect((await world.app("POST", labels, { name: "a b", color: "BADA55" })).status).toBe(201);
    expect((await world.app("POST", labels, { name: "A B" })).body.errors[0].code).toBe("already_exists");
    expect((await world.app("POST", labels, { name: "c", color: "red" })).status).toBe(422);
    const renamed = await world.app("PATCH", `${labels}/a%20b`, { new_name: "d" });
    expect(renamed.body).toMatchObject({ name: "d", color: "BADA55" });
    expect((await world.app("DELETE", `${labels}/d`)).status).toBe(204);
  });
});

describe("reactions", () => {
  test("are new with 201 and there already with 200, one per account and kind", async () => {
    const { body } = await world.grace("POST", at("/comments"), { body: "/lockkeeper help" });
    const reactions = `${world.home}/issues/comments/${body.id}/reactions`;
    const first = await world.app("POST", reactions, { content: "eyes" });
    const second = await world.app("POST", reactions, { content: "eyes" });
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    expect((await world.grace("POST", reactions, { content: "eyes" })).status).toBe(201);
    expect((await world.app("GET", `${reactions}?content=eyes`)).body).toHaveLength(2);
    expect((await world.grace("DELETE", `${reactions}/${first.body.id}`)).status).toBe(403);
    expect((await world.app("DELETE", `${reactions}/${first.body.id}`)).status).toBe(204);
    expect((await world.app("POST", reactions, { content: "wow" })).status).toBe(422);
  });
});
