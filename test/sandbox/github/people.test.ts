import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const told = async (): Promise<string[]> => {
  await world.github.settle();
  return world.receiver.take();
};

const membership = (team: string, login: string): string => `/orgs/acme/teams/${team}/memberships/${login}`;

describe("teams", () => {
  test("have the members of their child teams", async () => {
    const direct = await world.app("GET", membership("sre", "grace"));
    expect(direct.body).toMatchObject({ state: "active", role: "member" });
    expect((await world.app("GET", membership("platform", "grace"))).body.state).toBe("active");
    expect((await world.app("GET", membership("sre", "ada"))).status).toBe(404);
    expect((await world.app("GET", membership("sre", "nobody"))).status).toBe(404);
    expect((await world.app("GET", membership("unknown", "ada"))).status).toBe(404);
    const members = await world.app("GET", "/orgs/acme/teams/platform/members");
    expect(members.body.map(({ login }: { login: string }) => login)).toEqual(["ada", "grace"]);
  });

  test("are listed with their parents", async () => {
    const { body } = await world.app("GET", "/orgs/acme/teams");
    const sre = body.find(({ slug }: { slug: string }) => slug === "sre");
    expect(sre.parent.slug).toBe("platform");
    expect((await world.app("GET", "/orgs/acme/teams/platform/teams")).body).toHaveLength(1);
    expect((await world.app("GET", "/orgs/acme/teams/sre")).body.members_count).toBe(1);
  });

  test("are changed by owners of the organisation, and the App is told", async () => {
    await told();
    expect((await world.grace("PUT", membership("sre", "ada"))).status).toBe(403);
    expect((await world.ada("PUT", membership("sre", "ada"), { role: "maintainer" })).status).toBe(200);
    expect((await world.ada("PUT", membership("sre", "mallory"))).status).toBe(422);
    expect((await world.ada("DELETE", membership("sre", "ada"))).status).toBe(204);
    const made = await world.ada("POST", "/orgs/acme/teams", { name: "On Call" });
    expect(made.body.slug).toBe("on-call");
    await world.ada("PUT", "/orgs/acme/teams/on-call/repos/acme/gitops", { permission: "push" });
    expect(await told()).toEqual([
      "membership.added",
      "membership.removed",
      "team.created",
      "team.added_to_repository",
    ]);
  });

  test("are shown only with the permission and to members", async () => {
    const limited = await world.tokenFor({ contents: "read" });
    expect((await limited("GET", membership("sre", "grace"))).status).toBe(403);
    expect((await world.mallory("GET", "/orgs/acme/teams")).status).toBe(404);
    world.github.addOrganisation("elsewhere");
    expect((await world.app("GET", "/orgs/elsewhere/teams")).status).toBe(403);
  });
});

describe("organisations", () => {
  test("tell who belongs to them", async () => {
    expect((await world.nobody("GET", "/orgs/acme")).body.login).toBe("acme");
    expect((await world.app("GET", "/orgs/acme/members/grace")).status).toBe(204);
    expect((await world.app("GET", "/orgs/acme/members/mallory")).status).toBe(404);
    expect((await world.app("GET", "/orgs/acme/memberships/ada")).body.role).toBe("admin");
    expect((await world.app("GET", "/orgs/acme/members?role=admin")).body).toHaveLength(1);
  });
});

describe("members of an organisation", () => {
  test("are added and removed by its owners, and leave its teams with it", async () => {
    await told();
    const kim = "/orgs/acme/memberships/kim";
    world.github.addUser("kim");
    expect((await world.grace("PUT", kim)).status).toBe(403);
    expect((await world.ada("PUT", kim)).body).toMatchObject({ state: "active", role: "member" });
    await world.ada("PUT", membership("sre", "kim"));
    expect((await world.ada("DELETE", kim)).status).toBe(204);
    expect((await world.app("GET", membership("sre", "kim"))).status).toBe(404);
    expect(await told()).toEqual([
      "organization.member_added",
      "membership.added",
      "organization.member_removed",
    ]);
  });
});

describe("what people may do", () => {
  test.each([
    ["ada", "admin", "admin"],
    ["grace", "write", "write"],
    ["linus", "write", "maintain"],
    ["mallory", "read", "read"],
  ])("%s has permission %s and role %s", async (login, permission, role_name) => {
    const { body } = await world.app("GET", `${world.home}/collaborators/${login}/permission`);
    expect(body).toMatchObject({ permission, role_name });
  });

  test("is none for strangers and unknown for nobody", async () => {
    world.github.addUser("eve");
    const eve = await world.app("GET", `${world.home}/collaborators/eve/permission`);
    expect(eve.body).toMatchObject({ permission: "none", role_name: "none" });
    expect((await world.app("GET", `${world.home}/collaborators/ghost/permission`)).status).toBe(404);
  });

  test("is changed by administrators, and the App is told", async () => {
    await told();
    world.github.addUser("kim");
    const one = `${world.home}/collaborators/kim`;
    expect((await world.linus("PUT", one, { permission: "push" })).status).toBe(403);
    await world.ada("PUT", one, { permission: "triage" });
    expect((await world.app("GET", `${one}/permission`)).body).toMatchObject({
      permission: "read",
      role_name: "triage",
    });
    await world.ada("PUT", one, { permission: "maintain" });
    await world.ada("DELETE", one);
    expect((await world.app("GET", one)).status).toBe(404);
    expect(await told()).toEqual(["member.added", "member.edited", "member.removed"]);
  });
});

describe("the log of deliveries", () => {
  test("shows what was sent, and sends it again under the same id", async () => {
    await told();
    world.receiver.status = 500;
    await world.ada("POST", `${world.home}/issues`, { title: "Told" });
    await world.github.settle();
    world.receiver.status = 200;
    const [first] = world.receiver.received;
    const { body } = await world.jwt("GET", "/app/hook/deliveries?per_page=1");
    expect(body[0]).toMatchObject({ guid: first!.id, event: "issues", status_code: 500, redelivery: false });
    const one = `/app/hook/deliveries/${body[0].id}`;
    const shown = await world.jwt("GET", one);
    expect(shown.body.request.payload.issue.title).toBe("Told");
    expect((await world.jwt("POST", `${one}/attempts`)).status).toBe(202);
    await world.github.settle();
    const [, again] = world.receiver.received;
    expect([again!.id, again!.name]).toEqual([first!.id, "issues.opened"]);
    expect(again!.signedWith(world.github.webhookSecret)).toBe(true);
    const failed = await world.jwt("GET", "/app/hook/deliveries?status=failure&per_page=100");
    expect(failed.body).toHaveLength(1);
  });

  test("is walked by cursor, and is for the App alone", async () => {
    const first = await world.jwt("GET", "/app/hook/deliveries?per_page=2");
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")![1]!;
    const second = await world.jwt("GET", next);
    expect(second.body[0].id).toBeLessThan(first.body[1].id as number);
    expect((await world.app("GET", "/app/hook/deliveries")).status).toBe(401);
    expect((await world.jwt("GET", "/app/hook/config")).body.content_type).toBe("json");
  });
});
