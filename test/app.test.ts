import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { events, keysOf } from "../src/app.ts";
import { type Key, keyText } from "../src/model/key.ts";

const sha = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const repository = { id: 42, name: "gitops", owner: { login: "acme" }, default_branch: "main" };
const base = { repository, installation: { id: 7 } };
const at = { id: 42, owner: "acme", name: "gitops", installation: 7 };
const pull_request = { number: 3, head: { sha } };
const issue = (label: string) => ({ number: 9, labels: [{ name: label }] });

const apps: Key = { flow: "apps", repository: at };
const landings: Key = { flow: "landings", repository: at };
const dashboard: Key = { flow: "dashboard", repository: at };
const scan: Key = { flow: "scan", repository: at };
const pulls: Key = { flow: "pulls", repository: at };
const check: Key = { flow: "check", repository: at, sha };
const plan: Key = { flow: "plan", repository: at, sha };
const planAnew: Key = { ...plan, anew: true };
const resync: Key = { flow: "resync" };
const scans: Key = { flow: "scans" };

describe("an event puts on the queue what it may have changed:", () => {
  test.each<[string, object, readonly Key[]]>([
    ["push", { ref: "refs/heads/main" }, [apps, scan, pulls]],
    ["push", { ref: "refs/heads/feature" }, []],
    ["push", { ref: "refs/heads/lockkeeper/bump/web-1a2b" }, [scan]],
    ["push", { ref: "refs/heads/lockkeeper/live/web" }, [apps]],
    ["pull_request", { action: "opened", pull_request }, [check, plan]],
    ["pull_request", { action: "synchronize", pull_request }, [check, plan]],
    ["pull_request", { action: "labeled", pull_request }, [check]],
    ["pull_request", { action: "assigned", pull_request }, []],
    ["pull_request", { action: "closed", pull_request }, [landings, scan, check]],
    ["pull_request_review", { action: "submitted", pull_request }, [check]],
    ["pull_request_review", { action: "dismissed", pull_request }, [check]],
    [
      "issue_comment",
      { action: "created", issue: issue("x") },
      [{ flow: "command", repository: at, number: 9 }],
    ],
    ["issue_comment", { action: "edited", issue: issue("x") }, []],
    ["issues", { action: "closed", issue: issue("lockkeeper/drift") }, [apps]],
    ["issues", { action: "closed", issue: issue("bug") }, []],
    ["issues", { action: "edited", issue: issue("lockkeeper/dashboard") }, [dashboard]],
    ["issues", { action: "edited", issue: issue("lockkeeper/dashboard"), sender: { type: "Bot" } }, []],
    ["issues", { action: "edited", issue: issue("bug") }, []],
    [
      "issues",
      { action: "reopened", issue: issue("lockkeeper/dashboard"), sender: { type: "User" } },
      [dashboard],
    ],
    [
      "issues",
      { action: "unlabeled", issue: issue("x"), label: { name: "lockkeeper/dashboard" } },
      [dashboard],
    ],
    ["check_run", { action: "rerequested", check_run: { head_sha: sha } }, [check]],
    ["check_run", { action: "completed", check_run: { head_sha: sha } }, []],
    [
      "check_run",
      { action: "rerequested", check_run: { head_sha: sha, name: "lockkeeper/plan" } },
      [planAnew],
    ],
    ["check_run", { action: "rerequested", check_run: { head_sha: sha, name: 7 } }, [check]],
    ["check_suite", { action: "rerequested", check_suite: { head_sha: sha } }, [check, plan]],
    ["merge_group", { action: "checks_requested", merge_group: { head_sha: sha } }, [check]],
    ["registry_package", { action: "published" }, [scans]],
    ["package", { action: "published" }, [scans]],
    ["member", { action: "added" }, [pulls]],
    ["repository", { action: "renamed" }, [apps, scan, pulls]],
    ["repository", { action: "archived" }, []],
    ["status", { state: "success" }, []],
  ])("%s %j", (event, payload, keys) => {
    expect(keysOf(event, { ...base, ...payload })).toEqual(keys);
  });

  test.each([
    ["installation", "created", [resync]],
    ["installation", "deleted", []],
    ["installation_repositories", "added", [resync]],
    ["membership", "added", [resync]],
    ["organization", "member_removed", [resync]],
    ["team", "edited", [resync]],
    ["package", "published", [scans]],
  ])("%s %s, which names no repository", (event, action, keys) => {
    expect(keysOf(event, { action, installation: { id: 7 } })).toEqual(keys);
  });
});

test.each([
  ["no installation", { ...base, installation: undefined }],
  ["an id that is none", { ...base, repository: { ...repository, id: "42" } }],
  ["a name that is a path", { ...base, repository: { ...repository, name: "../../orgs/acme" } }],
  ["an owner that is a path", { ...base, repository: { ...repository, owner: { login: "a/b" } } }],
  ["a commit that is none", { ...base, pull_request: { head: { sha: "main" } } }],
])("a payload with %s is ignored", (_what, payload) => {
  expect(keysOf("pull_request", { action: "opened", pull_request, ...payload })).toEqual([]);
});

test("no payload under no name ever throws or makes a key that has no text", () => {
  const names = fc.oneof(fc.constantFrom(...events), fc.constantFrom("__proto__", "toString", ""));
  fc.assert(
    fc.property(names, fc.oneof(fc.jsonValue(), fc.constant(undefined)), (name, payload) => {
      for (const key of keysOf(name, payload)) expect(keyText(key)).not.toBe("");
    }),
    { numRuns: 1000 },
  );
});
