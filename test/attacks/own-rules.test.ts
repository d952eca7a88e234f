import { afterEach, expect, test } from "vitest";
import { configPath } from "../../src/config/config.ts";
import { command } from "../../src/flows/command/command.ts";
import { changeImage, checked, openBump, openPull, pushFile, review } from "../flows/signoff-steps.ts";
import { type SignoffWorld, config, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";
import { value } from "../flows/user-call.ts";

let signoff: SignoffWorld;
afterEach(() => signoff.github.stop());

const title = async (sha: string) => (await checked(signoff, sha))?.title;

test("a pull request that loosens the rules is judged by those that it would end, and what comes after it by its own", async () => {
  signoff = await startSignoff();
  const loose = config.replace("approvals: 1, anyOf: [team:acme/sre]", "approvals: 0, anyOf: [write]");
  await pushFile(signoff, "mallory", "loose", { path: configPath, text: loose });
  const file = { path: webFile, text: deployment("6.6.6") };
  const sha = await pushFile(signoff, "mallory", "loose", file);
  const number = await openPull(signoff, "mallory", "loose");
  signoff.pass();
  expect(await title(sha)).toMatch(/^Waiting for 1 of acme\/platform and 1 of acme\/sre\./);
  await review(signoff, "linus", number);
  expect(await title(sha)).toMatch(/^Waiting for 1 of acme\/platform\./);
  await review(signoff, "ada", number);
  expect(await title(sha)).toBe("Signed off by ada and linus.");
  await signoff.as("ada", "PUT", `/pulls/${number}/merge`, {});
  signoff.pass();
  const next = await changeImage(signoff, "grace", "7.0.0");
  expect(await title(next.sha)).toBe("No approval is demanded.");
});

test("a bump that was overridden does not merge by itself, and one that was signed off does", async () => {
  const settings = `${config}  override: [user:linus]\npulls: { automerge: { production: [minor] } }\n`;
  signoff = await startSignoff({ [configPath]: settings });
  const { number, sha } = await openBump(signoff, deployment("1.1.0"));
  const merged = async () => {
    await signoff.github.settle();
    await signoff.as("ada", "GET", `/pulls/${number}`);
    await signoff.github.settle();
    const judged = await title(sha).catch(() => undefined);
    return [judged, (await signoff.as("ada", "GET", `/pulls/${number}`)).merged];
  };
  await signoff.as("linus", "POST", `/issues/${number}/comments`, { body: "/lockkeeper override it burns" });
  value(await command(signoff.world, { flow: "command", repository: signoff.repository, number }));
  signoff.pass();
  expect(await merged()).toEqual(["Overridden by linus: it burns", false]);
  expect(await merged()).toEqual(["Overridden by linus: it burns", false]);
  await review(signoff, "grace", number);
  expect(await merged()).toEqual(["Signed off by grace.", true]);
});
