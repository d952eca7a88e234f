import { describe, expect, test } from "vitest";
import { box, tickedBoxes, untick } from "../../src/commands/box.ts";

const rebase = { command: "rebase", pull: 12 };
const open = { command: "open", branch: "lockkeeper/bump/web--x-1a2b" };
const tick = (text: string): string => text.replace("[ ]", "[x]");

describe("a box", () => {
  test("is one line of a task list, with the order hidden in it", () => {
    expect(box(rebase, "`web`")).toBe('- [ ] <!-- lockkeeper:do {"command":"rebase","pull":12} --> `web`');
  });

  test("orders nothing until it is ticked, and then what it was made for", () => {
    const text = ["# Hi", box(rebase, "one"), tick(box(open, "two")), "end"].join("\r\n");
    expect(tickedBoxes(text)).toEqual([open]);
    expect(tickedBoxes(tick(text))).toEqual([rebase, open]);
  });

  test("ticked twice orders once", () => {
    const line = tick(box(rebase, "one"));
    expect(tickedBoxes(`${line}\n${line.replace("[x]", "[X]")}`)).toEqual([rebase]);
  });

  test("is cleared, and others are left as they are", () => {
    const text = [tick(box(rebase, "one")), tick(box(open, "two"))].join("\n");
    expect(untick(text, [rebase])).toBe([box(rebase, "one"), tick(box(open, "two"))].join("\n"));
    expect(tickedBoxes(untick(text, [rebase, open]))).toEqual([]);
  });

  test.each([
    ["without a marker", "- [x] rebase"],
    ["in a quote", `> ${tick(box(rebase, "x"))}`],
    ["in words before", `see ${tick(box(rebase, "x"))}`],
    ["of no JSON", "- [x] <!-- lockkeeper:do rebase --> x"],
    ["with something more", '- [x] <!-- lockkeeper:do {"command":"rebase","force":true} --> x'],
    ["of a pull request that is no number", '- [x] <!-- lockkeeper:do {"command":"rebase","pull":"1"} --> x'],
  ])("%s is none", (_, line) => {
    expect(tickedBoxes(line)).toEqual([]);
  });
});
