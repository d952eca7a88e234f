import { describe, expect, test } from "vitest";
import { type Given, answer } from "../../src/commands/answer.ts";
import type { Place } from "../../src/commands/command.ts";
import { parseCommand } from "../../src/commands/parse.ts";
import type { Permission } from "../../src/model/pull.ts";

const ours: Place = { type: "our-pull" };
const drift: Place = { type: "drift", path: "apps/web/production" };
const outcome = (body: string, place: Place, permission: Permission) => {
  const given = answer(parseCommand(body) as Given, place, { login: "mallory", permission });
  return given.type === "run" ? given.effects : `${given.reaction} ${given.markdown}`;
};

describe("what a command gets", () => {
  test.each<[string, Place, Permission, unknown]>([
    ["/lockkeeper heal", drift, "write", [{ type: "settle-drift", path: "apps/web/production" }]],
    ["/lockkeeper heal", drift, "admin", [{ type: "settle-drift", path: "apps/web/production" }]],
    [
      "/lockkeeper heal",
      drift,
      "triage",
      "-1 `/lockkeeper heal [object]` needs write permission on this repository; `mallory` has triage.",
    ],
    [
      "/lockkeeper heal",
      { type: "our-pull" },
      "write",
      "-1 `/lockkeeper heal [object]` works on a drift issue that Lockkeeper opened; this is a pull request that Lockkeeper opened.",
    ],
    ["/lockkeeper rebase", { type: "our-pull" }, "write", [{ type: "rebuild-pull", discard: false }]],
    ["/lockkeeper discard-edits", ours, "write", [{ type: "rebuild-pull", discard: true }]],
    ["/lockkeeper hold", ours, "write", [{ type: "hold-pull", version: null, why: null }]],
    ["/lockkeeper hold 1.4.2", ours, "write", [{ type: "hold-pull", version: "1.4.2", why: null }]],
    [
      "/lockkeeper hold v2-rc.1  it  breaks",
      ours,
      "admin",
      [{ type: "hold-pull", version: "v2-rc.1", why: "it breaks" }],
    ],
    [
      "/lockkeeper hold breaks the login",
      ours,
      "write",
      [{ type: "hold-pull", version: null, why: "breaks the login" }],
    ],
    [
      "/lockkeeper hold",
      ours,
      "triage",
      "-1 `/lockkeeper hold [version] [why]` needs write permission on this repository; `mallory` has triage.",
    ],
    ["/lockkeeper resume", ours, "write", [{ type: "resume-pull" }]],
    [
      "/lockkeeper rebase",
      { type: "pull" },
      "admin",
      "-1 `/lockkeeper rebase` works on a pull request that Lockkeeper opened; this is a pull request that Lockkeeper did not open.",
    ],
    ["/lockkeeper status", { type: "pull" }, "read", [{ type: "report-status" }]],
    [
      "/lockkeeper status",
      { type: "pull" },
      "none",
      "-1 `/lockkeeper status` needs read permission on this repository; `mallory` has none.",
    ],
    ["/lockkeeper scan", { type: "issue" }, "write", [{ type: "scan" }]],
    [
      "/lockkeeper scan",
      { type: "issue" },
      "read",
      "-1 `/lockkeeper scan` needs write permission on this repository; `mallory` has read.",
    ],
    [
      "/lockkeeper hael",
      drift,
      "none",
      "confused There is no command `hael`; did you mean `/lockkeeper heal`?",
    ],
  ])("%s on %o with %s", (body, place, permission, expected) => {
    expect(outcome(body, place, permission)).toEqual(expected);
  });
});
