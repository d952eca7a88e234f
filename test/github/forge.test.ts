import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createForge } from "../../src/github/forge.ts";
import { jobPermissions } from "../../src/github/job-permissions.ts";
import type { Job } from "../../src/ports/forge.ts";
import type { Fault } from "../../src/sandbox/github/fault.ts";
import { type Setting, code, openSetting, value } from "./sandbox-forge.ts";

let setting: Setting;
beforeEach(async () => void (setting = await openSetting()));
afterEach(() => setting.github.stop());

/** How many requests of a route arrived. */
const arrived = (method: string, route: string): number =>
  setting.github.hub.requests.filter((each) => each.method === method && each.route.endsWith(route)).length;
const open = (job: Job = "deploy") => setting.forge.open(setting.repository, job);

test("knows as whom it acts and where it is installed", async () => {
  expect(await value(setting.forge.self())).toMatchObject({ login: "lockkeeper[bot]", bot: true });
  expect(await value(setting.forge.repositories())).toEqual([setting.repository]);
});

describe("a token", () => {
  test.each(Object.entries(jobPermissions))(
    "for a %s has its permissions, for one repository",
    async (job, permissions) => {
      const asked: unknown[] = [];
      const forge = createForge({
        appId: setting.github.appId,
        privateKey: setting.github.privateKey,
        baseUrl: setting.github.apiUrl,
        pacing: false,
        fetch: async (input, init) => {
          const url = input instanceof Request ? input.url : new URL(input).pathname;
          if (url.endsWith("/access_tokens")) asked.push(JSON.parse(init?.body as string));
          return fetch(input, init);
        },
      });
      const repository = forge.open(setting.repository, job as Job);
      await value(repository.code.head());
      await value(repository.code.branch("main"));
      expect(asked).toEqual([{ repository_ids: [setting.repository.id], permissions }]);
    },
  );

  test("of a check cannot write code, and that is told as forbidden", async () => {
    const { sha } = await value(open().code.head());
    const content = { branch: "x", parent: sha, files: new Map(), message: "m", expected: null };
    expect(await code(open("check").code.writeBranch(content))).toBe("forbidden");
  });

  test("that was refused is not used again", async () => {
    await value(open().code.head());
    setting.github.faults.add({ kind: "unauthorized", match: "/repos/{owner}/{repo}" });
    expect(await code(open().code.head())).toBe("unauthorized");
    const before = arrived("POST", "/access_tokens");
    expect(await code(open().code.head())).toBe("ok");
    expect(arrived("POST", "/access_tokens")).toBe(before + 1);
  });
});

describe("a write is sent once,", () => {
  const route = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
  test.each<[string, Fault, string]>([
    ["when it failed", { kind: "server-error" }, "unavailable"],
    ["when it had its effect and then failed", { kind: "bad-gateway", after: true }, "unavailable"],
    ["when the answer was cut off", { kind: "truncated" }, "unavailable"],
    ["when the token was refused", { kind: "unauthorized" }, "unauthorized"],
    ["when it came too fast", { kind: "secondary-limit", seconds: 7 }, "rate-limited"],
  ])("%s", async (_when, fault, expected) => {
    const { number } = await value(open().issues.create({ title: "t", body: "", labels: [] }));
    setting.github.faults.add({ ...fault, method: "POST", match: route });
    expect(await code(open().issues.comment(number, "hello"))).toBe(expected);
    expect(arrived("POST", route)).toBe(1);
  });
});

test("an answer that is no JSON, though it says so, is not taken for an empty one", async () => {
  setting.github.hub.faults.request = async ({ route }, run) =>
    route.endsWith("/pulls")
      ? { status: 200, body: '[{"number": 1', headers: { "content-type": "application/json" } }
      : run();
  expect(await code(open().pulls.open("main"))).toBe("malformed");
});

test("after a rate limit nothing more is sent for that installation until its time has come", async () => {
  setting.github.faults.add({ kind: "rate-limit", seconds: 90, match: "/repos/{owner}/{repo}", times: 9 });
  const limited = await open().code.head();
  expect(limited).toMatchObject({ failure: { code: "rate-limited", retryAfterSeconds: 90 } });
  const sent = setting.forge.requests.total;
  expect(await open("scan").pulls.open("main")).toMatchObject({ failure: { code: "rate-limited" } });
  expect(await code(open().code.head())).toBe("rate-limited");
  expect(setting.forge.requests.total).toBe(sent);
});

test("one installation that cannot be read does not hide the others", async () => {
  const other = await setting.github.addRepository("octo", "cluster", { files: new Map([["a", "b"]]) });
  setting.github.install([other]);
  expect(await value(setting.forge.repositories())).toHaveLength(2);
  setting.github.faults.add({ kind: "server-error", match: "/installation/repositories" });
  expect(await value(setting.forge.repositories())).toHaveLength(1);
});

test("a repository that another one has replaced under its name is not taken for it", async () => {
  const ghost = { ...setting.repository, id: setting.repository.id + 5000 };
  expect(await code(setting.forge.open(ghost, "scan").code.head())).not.toBe("ok");
});
