import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runWhy } from "../../src/cli/why.ts";
import { changeImage, openBump, review } from "../flows/signoff-steps.ts";
import { type SignoffWorld, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

async function why(subject: string, options: { json?: boolean } = {}, env: Record<string, string> = {}) {
  const { appId, privateKey, apiUrl } = signoff.github;
  const said = { out: "", error: "" };
  const code = await runWhy(subject, options, {
    env: { APP_ID: String(appId), PRIVATE_KEY: privateKey, GITHUB_API_URL: apiUrl, ...env },
    out: (text) => void (said.out += text),
    error: (text) => void (said.error += text),
    watched: false,
  });
  return { code, ...said };
}

describe("why OWNER/REPO#N", () => {
  test("names each gate, who does not count and why, and what to do next", async () => {
    const { number } = await changeImage(signoff, "mallory");
    await review(signoff, "ada", number);
    expect(await why(`acme/gitops#${number}`)).toEqual({
      code: 1,
      out: `Waiting for 1 of acme/sre. ada does not: is none of those who are asked.
  waiting  rule production: 1 of acme/sre
  ada does not count: is none of those who are asked
  next: approve the change as it is now: 1 of acme/sre
`,
      error: "",
    });
  });

  test("says 0 where nothing is waited for, and all of it as JSON", async () => {
    const { number } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    const { code, out } = await why(`ACME/gitops#${number}`, { json: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      repository: "acme/gitops",
      pull: number,
      satisfied: true,
      title: "Signed off by grace.",
      gates: [{ gate: "rule production", state: "open", needs: "1 of acme/sre", has: ["grace"] }],
      people: [],
      next: [],
    });
  });

  test("writes nothing, and holds no token that could", async () => {
    const { number } = await changeImage(signoff, "mallory");
    const before = signoff.github.hub.requests.length;
    await why(`acme/gitops#${number}`);
    const sent = signoff.github.hub.requests.slice(before);
    expect([...new Set(sent.filter(({ method }) => method !== "GET").map(({ route }) => route))]).toEqual([
      "/app/installations/{installation_id}/access_tokens",
    ]);
    const tokens = [...signoff.github.hub.store.installationTokens.values()];
    expect(Object.values(tokens.at(-1)?.permissions ?? { none: "write" })).not.toContain("write");
  });

  test("says what GitHub does not have", async () => {
    expect(await why("acme/other#1")).toMatchObject({
      code: 1,
      error: "lockkeeper: the App is not installed in acme/other\n",
    });
    expect((await why("acme/gitops#999")).code).toBe(1);
  });

  test.each(["web production", "a:b:c", "acme/gitops#0", "acme/gitops#1x", "../x#1"])(
    "%s is nothing to ask about",
    async (subject) => {
      await expect(why(subject)).rejects.toThrow("name a pull request as OWNER/REPO#NUMBER");
    },
  );

  test("names every setting that it lacks, and none that it does not need", async () => {
    const missing = why("acme/gitops#1", {}, { APP_ID: "", PRIVATE_KEY: "" });
    await expect(missing).rejects.toThrow(/APP_ID must be[^]*PRIVATE_KEY or PRIVATE_KEY_PATH is missing/);
    await expect(missing).rejects.not.toThrow("WEBHOOK_SECRET");
  });
});

test("what moved is named beside the approval that it cost", async () => {
  const { number, sha } = await openBump(signoff, deployment("1.1.0"));
  await review(signoff, "grace", number);
  const { buildBump } = await import("../flows/signoff-steps.ts");
  await buildBump(signoff, deployment("1.2.0"));
  const line = `${webFile} 0/spec/template/spec/containers/0/image 1.0.0 → 1.2.0`;
  expect((await why(`acme/gitops#${number}`)).out).toContain(
    `  grace does not count: approved ${sha.slice(0, 7)}, which was another change (now ${line})\n`,
  );
});
