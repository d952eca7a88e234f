import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const main = join(import.meta.dirname, "..", "..", "src", "main.ts");

async function lockkeeper(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env["PATH"] ?? "" } });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, ...said };
}

describe("the command line", () => {
  test("lists its commands, and each explains itself", async () => {
    const { code, stdout } = await lockkeeper("--help");
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}(\w[\w-]*) /gm)].map(([, name]) => name ?? "");
    expect(commands).toEqual(
      expect.arrayContaining([
        "demo",
        "sandbox",
        "serve",
        "render-server",
        "scan",
        "diff",
        "validate",
        "explain",
      ]),
    );
    for (const command of commands.filter((name) => name !== "help")) {
      const help = await lockkeeper(command, "--help");
      expect([command, help.code, help.stdout.split(/\s/, 1)]).toEqual([command, 0, ["Usage:"]]);
    }
  });

  test("tells its version", async () => {
    expect(await lockkeeper("--version")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test.each([
    ["an unknown command", ["hoist"]],
    ["an unknown option", ["serve", "--fast"]],
    ["a missing argument", ["explain"]],
    ["a folder without a seed", ["sandbox", "--seed", "/nowhere"]],
    ["no terminal for the demo", ["demo"]],
  ])("ends with 2 and one readable block for %s", async (_what, args) => {
    const { code, stdout, stderr } = await lockkeeper(...args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toBe("");
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
