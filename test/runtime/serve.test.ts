import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { goodEnvironment, serveToItsEnd } from "./serve-process.ts";

const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

describe("serve refuses to start and names the setting:", () => {
  test.each<[string, Record<string, string>]>([
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "development" }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "4f1d0c5b9e8a7362" }],
    ["PRIVATE_KEY", { PRIVATE_KEY: publicKey.export({ type: "spki", format: "pem" }).toString() }],
    ["GITHUB_API_URL", { GITHUB_API_URL: "http://github.example.com/api/v3" }],
    ["LOCKKEEPER_TARGETS", { LOCKKEEPER_TARGETS: "/nowhere/targets.yml" }],
    ["PORT", { PORT: "1", HOST: "192.0.2.1" }],
    ["KUBECONFIG", { KUBECONFIG: "/nowhere/config" }],
  ])("%s %#", async (setting, wrong) => {
    const { code, stderr, stdout } = await serveToItsEnd({ ...goodEnvironment, ...wrong });
    expect(code).toBe(2);
    expect(stderr).toContain(setting);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
    for (const secret of [wrong["WEBHOOK_SECRET"], goodEnvironment["PRIVATE_KEY"]]) {
      if (secret) expect(stderr).not.toContain(secret);
    }
  });
});
