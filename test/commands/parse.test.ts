import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/commands/commands.ts";
import { isCommand, parseCommand } from "../../src/commands/parse.ts";

const told = (body: string): string => {
  const parsed = parseCommand(body);
  if (parsed.type === "command") return parsed.command.name;
  return parsed.type === "none" ? "-" : parsed.markdown;
};

describe("which comments are commands", () => {
  test.each([
    ["/lockkeeper heal", "heal"],
    ["/lockkeeper heal  \r\nbecause of the outage", "heal"],
    ["/lockkeeper\tHEAL", "heal"],
    ["/lockkeeper", "help"],
    ["/lockkeeper help", "help"],
    ["/lockkeeper hold 1.4.2 it breaks the login", "hold"],
    ["/lockkeeper resume it", "`/lockkeeper resume` takes nothing after it."],
    ["please\n/lockkeeper heal", "-"],
    ["> /lockkeeper heal", "-"],
    ["`/lockkeeper heal`", "-"],
    ["```\n/lockkeeper heal\n```", "-"],
    ["    /lockkeeper heal", "-"],
    [" /lockkeeper heal", "-"],
    ["\n/lockkeeper heal", "-"],
    ["@bob /lockkeeper heal", "-"],
    ["/lockkeepers heal", "-"],
    ["/lockkeeper-heal", "-"],
    ["/Lockkeeper heal", "-"],
    ["", "-"],
    ["/lockkeeper hael", "There is no command `hael`; did you mean `/lockkeeper heal`?"],
    [
      "/lockkeeper frobnicate",
      "There is no command `frobnicate`; known are `rebase`, `discard-edits`, `hold`, `resume`, `status`, `plan`, `heal`, `ignore`, `adopt`, `rollback`, `accept`, `override`, `pause`, `unpause`, `scan`, `help`.",
    ],
    ["/lockkeeper rebase now", "`/lockkeeper rebase` takes nothing after it."],
    [
      "/lockkeeper __proto__",
      "There is no command `__proto__`; known are `rebase`, `discard-edits`, `hold`, `resume`, `status`, `plan`, `heal`, `ignore`, `adopt`, `rollback`, `accept`, `override`, `pause`, `unpause`, `scan`, `help`.",
    ],
  ])("%j: %s", (body, expected) => {
    expect(told(body)).toBe(expected);
    expect(isCommand(body)).toBe(expected !== "-");
  });

  test("anything at all is read, and what is not understood is quoted inertly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const parsed = parseCommand(`/lockkeeper ${text}@team <img>`);
        if (parsed.type !== "unclear") return;
        const bare = parsed.markdown.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
        expect(bare).not.toMatch(/@team|<img>|\n/);
      }),
    );
  });
});

test("the help names every command", () => {
  const help = commands.find(({ name }) => name === "help")!;
  const [effect] = help.run({ type: "issue" }, "");
  expect(effect?.type).toBe("reply");
  for (const { name } of commands)
    expect(effect).toMatchObject({ markdown: expect.stringContaining(`/lockkeeper ${name}`) });
});
