import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { pulls } from "../../../src/flows/check/pulls.ts";
import {
  buildBump,
  bumpBranch,
  changeImage,
  checkOnce,
  checked,
  moveMain,
  openBump,
  openPull,
  pushFile,
  review,
  runs,
} from "../signoff-steps.ts";
import { type SignoffWorld, config, deployment, startSignoff, webFile } from "../signoff-world.ts";
import { value } from "../user-call.ts";

let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff();
});

afterEach(() => signoff.github.stop());

function joinTeam(login: string, name: string): void {
  const { organisations, accounts } = signoff.github.hub.store;
  const team = organisations.flatMap(({ teams }) => teams).find(({ slug }) => slug === name);
  const account = accounts.find((one) => one.login === login);
  if (team && account) team.members.set(account, "member");
}

/** Points an open pull request at another base. */
async function retarget(number: number, base: string): Promise<void> {
  await signoff.as("mallory", "PATCH", `/pulls/${number}`, { base });
  signoff.pass();
}

describe("a pull request of ours", () => {
  test("waits for the team, and is signed off by one of it", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    expect(await checked(signoff, sha)).toMatchObject({
      conclusion: "action_required",
      title: "Waiting for 1 of acme/sre.",
    });
    await review(signoff, "grace", number);
    expect(await checked(signoff, sha)).toMatchObject({
      conclusion: "success",
      title: "Signed off by grace.",
    });
  });

  test("writes nothing when nothing has changed", async () => {
    const { sha } = await openBump(signoff, deployment("1.1.0"));
    await checked(signoff, sha);
    await checked(signoff, sha);
    expect(await runs(signoff, sha)).toHaveLength(1);
  });

  test("stays signed off when it is rebuilt on a base that moved under it", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    expect((await checked(signoff, sha))?.conclusion).toBe("success");
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    const rebuilt = await buildBump(signoff, deployment("1.1.0", "another first line"));
    expect(rebuilt).not.toBe(sha);
    expect((await checked(signoff, rebuilt))?.conclusion).toBe("success");
  });

  test("loses its sign-off when it is rebuilt for another version", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    const rebuilt = await buildBump(signoff, deployment("1.2.0"));
    expect(await checked(signoff, rebuilt)).toMatchObject({
      conclusion: "action_required",
      title: `Waiting for 1 of acme/sre. grace does not: approved ${sha.slice(0, 7)}, which was another change (now ${webFile} 0/spec/template/spec/containers/0/image 1.0.0 → 1.2.0).`,
    });
  });

  test("loses its sign-off when anything else is slipped in with the rebuild", async () => {
    const { number } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    const rebuilt = await buildBump(signoff, deployment("1.1.0", "slipped in"));
    expect((await checked(signoff, rebuilt))?.conclusion).toBe("action_required");
  });

  test("is not signed off by somebody of the team who pushed to it", async () => {
    const { number } = await openBump(signoff, deployment("1.1.0"));
    const pushed = await pushFile(signoff, "grace", bumpBranch, { path: webFile, text: deployment("1.3.0") });
    signoff.pass();
    await review(signoff, "grace", number);
    const title = (await checked(signoff, pushed))?.title;
    expect(title).toBe(`Waiting for 1 of acme/sre. grace does not: wrote ${pushed.slice(0, 7)}.`);
    await review(signoff, "linus", number);
    expect((await checked(signoff, pushed))?.conclusion).toBe("success");
  });
});

describe("a pull request of a person", () => {
  test("loses its sign-off by a push after the approval", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    expect((await checked(signoff, sha))?.conclusion).toBe("success");
    const file = { path: webFile, text: deployment("6.6.6") };
    const pushed = await pushFile(signoff, "mallory", "by-mallory", file);
    signoff.pass();
    expect((await checked(signoff, pushed))?.conclusion).toBe("action_required");
  });

  test("keeps it through a force-push that changes nothing, though it is another commit", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await moveMain(signoff, "README.md", "moved\n");
    const main = await signoff.as("mallory", "GET", "/git/ref/heads/main");
    const tree = await signoff.as("mallory", "POST", "/git/trees", {
      base_tree: main.object.sha,
      tree: [{ path: webFile, mode: "100644", type: "blob", content: deployment("1.1.0") }],
    });
    const rebased = await signoff.as("mallory", "POST", "/git/commits", {
      message: "Rebased",
      tree: tree.sha,
      parents: [main.object.sha],
    });
    await signoff.as("mallory", "PATCH", "/git/refs/heads/by-mallory", { sha: rebased.sha, force: true });
    signoff.pass();
    expect(rebased.sha).not.toBe(sha);
    expect((await checked(signoff, rebased.sha))?.conclusion).toBe("success");
  });

  test("is not signed off by an approval that GitHub moved along with a force-push", async () => {
    const { number } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const main = await signoff.as("mallory", "GET", "/git/ref/heads/main");
    const forced = await pushFile(signoff, "mallory", "elsewhere", {
      path: webFile,
      text: deployment("6.6.6"),
    });
    await signoff.as("mallory", "PATCH", "/git/refs/heads/by-mallory", { sha: forced, force: true });
    signoff.pass();
    expect(main.object.sha).not.toBe(forced);
    expect((await checked(signoff, forced))?.conclusion).toBe("action_required");
  });

  test("is not signed off by an approval that saw less of it, on another base", async () => {
    await pushFile(signoff, "mallory", "stack", { path: webFile, text: deployment("6.6.6") });
    const stack = await signoff.as("mallory", "GET", "/git/ref/heads/stack");
    await signoff.as("mallory", "POST", "/git/refs", { ref: "refs/heads/top", sha: stack.object.sha });
    const sha = await pushFile(signoff, "mallory", "top", { path: "README.md", text: "harmless" });
    const draft = { title: "Harmless", head: "top", base: "stack" };
    const { number } = await signoff.as("mallory", "POST", "/pulls", draft);
    signoff.pass();
    await review(signoff, "grace", number);
    await retarget(number, "main");
    const run = await checked(signoff, sha);
    expect([run?.conclusion, run?.title]).toEqual([
      "action_required",
      "Waiting for 1 of acme/sre. grace does not: approved it before it was pointed at this base.",
    ]);
    await review(signoff, "grace", number);
    expect((await checked(signoff, sha))?.conclusion).toBe("success");
  });

  test("is not signed off by its author, nor by somebody outside the team", async () => {
    const { number, sha } = await changeImage(signoff, "grace");
    await expect(review(signoff, "grace", number)).rejects.toThrow("422");
    await review(signoff, "mallory", number);
    expect((await checked(signoff, sha))?.title).toBe(
      "Waiting for 1 of acme/sre. mallory does not: is none of those who are asked.",
    );
  });

  test("is blocked by changes requested, until that review is dismissed", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const objection = await review(signoff, "linus", number, "REQUEST_CHANGES");
    expect((await checked(signoff, sha))?.title).toBe("linus has requested changes.");
    await signoff.as("ada", "PUT", `/pulls/${number}/reviews/${objection}/dismissals`, { message: "fine" });
    expect((await checked(signoff, sha))?.conclusion).toBe("success");
  });

  test("is judged by who is in the team now", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "ada", number);
    expect((await checked(signoff, sha))?.conclusion).toBe("action_required");
    joinTeam("ada", "sre");
    expect((await checked(signoff, sha))?.title).toBe("Signed off by ada.");
  });

  test("is judged by what its approver may do now", async () => {
    const path = "apps/web/staging/web.yaml";
    const sha = await pushFile(signoff, "mallory", "staging", { path, text: deployment("1.0.0") });
    const number = await openPull(signoff, "mallory", "staging");
    signoff.pass();
    await review(signoff, "grace", number);
    expect((await checked(signoff, sha))?.title).toBe("Signed off by grace.");
    const { collaborators } = signoff.github.hub.store.repositories[0]!;
    const grace = [...collaborators.keys()].find(({ login }) => login === "grace")!;
    collaborators.set(grace, "read");
    expect((await checked(signoff, sha))?.title).toBe(
      "Waiting for 1 of people who can write. grace does not: is none of those who are asked.",
    );
  });

  test("waits while GitHub does not tell yet who moved its branch", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    const { activities } = signoff.github.hub.store.repositories[0]!;
    const latest = activities.pop()!;
    expect(await checkOnce(signoff, sha)).toMatchObject({ ok: false, failure: { code: "conflict" } });
    expect((await runs(signoff, sha))[0]?.conclusion).toBe("action_required");
    activities.push(latest);
    expect((await checked(signoff, sha))?.conclusion).toBe("success");
  });

  test("that touches nothing under sign-off has nothing to wait for", async () => {
    const sha = await pushFile(signoff, "mallory", "docs", { path: "README.md", text: "better\n" });
    await openPull(signoff, "mallory", "docs");
    expect(await checked(signoff, sha)).toMatchObject({ conclusion: "success" });
  });

  test("that moves an app away is judged by the app it leaves", async () => {
    const { sha } = await signoff.as("mallory", "GET", `/contents/${webFile}`);
    await pushFile(signoff, "mallory", "gone", { path: "elsewhere/web.yaml", text: deployment("1.0.0") });
    const removal = { message: "Away", branch: "gone", sha };
    const removed = await signoff.as("mallory", "DELETE", `/contents/${webFile}`, removal);
    await openPull(signoff, "mallory", "gone");
    expect((await checked(signoff, removed.commit.sha))?.title).toBe("Waiting for 1 of acme/sre.");
  });

  test("that adds an app is judged as if the app were there", async () => {
    const path = "apps/new/production/new.yaml";
    const sha = await pushFile(signoff, "mallory", "new", { path, text: deployment("1.0.0") });
    await openPull(signoff, "mallory", "new");
    expect((await checked(signoff, sha))?.title).toBe("Waiting for 1 of acme/sre.");
  });
});

describe("the configuration", () => {
  test("is signed by its owners, by what the default branch says of them", async () => {
    const text = config.replaceAll("team:acme/platform", "user:mallory").replaceAll("acme/sre", "acme/evil");
    const sha = await pushFile(signoff, "mallory", "coup", { path: configPath, text });
    const number = await openPull(signoff, "mallory", "coup");
    signoff.pass();
    expect((await checked(signoff, sha))?.title).toBe("Waiting for 1 of acme/platform.");
    await review(signoff, "ada", number);
    expect((await checked(signoff, sha))?.title).toBe("Signed off by ada.");
  });

  test("that would be broken fails, naming file and line", async () => {
    const text = config.replace("approvals: 1, anyOf: [write]", "approvals: lots, anyOf: [write]");
    const sha = await pushFile(signoff, "ada", "broken", { path: configPath, text });
    await openPull(signoff, "ada", "broken");
    expect(await checked(signoff, sha)).toMatchObject({
      conclusion: "failure",
      title: expect.stringMatching(/^\.github\/lockkeeper\.yml:7:\d+: .*approvals/),
    });
  });

  test("that is broken fails every pull request but its repair, which administrators sign", async () => {
    const { sha } = await changeImage(signoff, "mallory");
    await moveMain(signoff, configPath, "apps: 7\n");
    expect(await checked(signoff, sha)).toMatchObject({
      conclusion: "failure",
      title: expect.stringContaining(".github/lockkeeper.yml:1:"),
    });
    const repair = await pushFile(signoff, "mallory", "repair", { path: configPath, text: config });
    await openPull(signoff, "mallory", "repair");
    expect((await checked(signoff, repair))?.title).toBe("Waiting for 1 of administrators.");
  });

  test("that is not there means no check", async () => {
    const { sha } = await changeImage(signoff, "mallory");
    const file = await signoff.as("ada", "GET", `/contents/${configPath}`);
    const removal = { message: "No more", branch: "main", sha: file.sha };
    await signoff.as("ada", "DELETE", `/contents/${configPath}`, removal);
    expect(await checked(signoff, sha)).toBeUndefined();
  });
});

describe("a rule for patches", () => {
  const lenient = config.replace(
    "rules:",
    `rules:
    - name: patches
      when: { environment: staging, kind: patch }
      need: { approvals: 0, anyOf: [write] }`,
  );
  const path = "apps/web/staging/web.yaml";

  test.each([
    ["of the image", deployment("1.0.1"), "No approval is demanded."],
    ["with something else", deployment("1.0.1", "else"), "Waiting for 1 of people who can write."],
    ["that is none", deployment("1.1.0"), "Waiting for 1 of people who can write."],
  ])("a patch %s", async (_, text, title) => {
    await moveMain(signoff, configPath, lenient);
    await moveMain(signoff, path, deployment("1.0.0"));
    const sha = await pushFile(signoff, "mallory", "patch", { path, text });
    await openPull(signoff, "mallory", "patch");
    expect((await checked(signoff, sha))?.title).toBe(title);
  });
});

test("a rule for our own pull requests does not cover what somebody pushed to one", async () => {
  const ours = `
    - name: bumps
      when: { author: "lockkeeper[bot]" }
      need: { approvals: 0, anyOf: [write] }`;
  const production = /\n {4}- name: production[^]*$/;
  await moveMain(signoff, configPath, config.replace(production, ours));
  const { sha } = await openBump(signoff, deployment("1.1.0"));
  expect((await checked(signoff, sha))?.conclusion).toBe("success");
  const file = { path: webFile, text: deployment("6.6.6") };
  const pushed = await pushFile(signoff, "mallory", bumpBranch, file);
  signoff.pass();
  expect((await checked(signoff, pushed))?.title).toBe("Waiting for 1 of people who can write.");
});

describe("a commit that is the head of two pull requests", () => {
  test("has the stricter verdict of both", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await signoff.as("grace", "POST", "/git/refs", { ref: "refs/heads/twin", sha });
    const twin = await openPull(signoff, "linus", "twin");
    signoff.pass();
    await review(signoff, "linus", number);
    expect(await checked(signoff, sha)).toMatchObject({
      conclusion: "action_required",
      title: `Pull request ${twin}: Waiting for 1 of acme/sre.`,
    });
    await signoff.as("linus", "PATCH", `/pulls/${twin}`, { state: "closed" });
    expect(await checked(signoff, sha)).toMatchObject({ conclusion: "success" });
  });
});

test("a verdict costs at most six requests, and one for the team that is asked about", async () => {
  const { number, sha } = await changeImage(signoff, "mallory");
  const { requests } = signoff.forge;
  const cost = async () => {
    const before = requests.total;
    value(await checkOnce(signoff, sha));
    return requests.total - before;
  };
  await cost();
  await review(signoff, "grace", number);
  expect(await cost()).toBe(7);
  expect((await runs(signoff, sha)).map(({ conclusion }) => conclusion)).toEqual([
    "success",
    "action_required",
  ]);
  expect(await cost()).toBe(7);
});

test("every open head is put on the queue once", async () => {
  const { sha } = await changeImage(signoff, "mallory");
  const other = await openBump(signoff, deployment("1.2.0"));
  value(await pulls(signoff.world, { flow: "pulls", repository: signoff.repository }));
  const heads = signoff.queued.map((key) => (key.flow === "check" ? key.sha : key.flow));
  expect(heads.sort()).toEqual([sha, other.sha].sort());
});
