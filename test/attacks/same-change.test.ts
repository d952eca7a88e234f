import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildBump,
  changeImage,
  checked,
  moveMain,
  openBump,
  openPull,
  pushFile,
  review,
} from "../flows/signoff-steps.ts";
import { type SignoffWorld, deployment, startSignoff, webFile } from "../flows/signoff-world.ts";
import { commitOn, move, tipOf } from "./branches.ts";

/** Two objects that look alike, far enough from each other that a change of one has no line of the other around it. */
const twins = (first: string, second: string, top = "# top"): string =>
  [top, block(first), block(second)].join("\n");

function block(tag: string): string {
  return `---\n${Array.from({ length: 5 }, (_, at) => `key${at}: same`).join("\n")}\nimage: acme/web:${tag}\n${Array.from({ length: 5 }, (_, at) => `more${at}: same`).join("\n")}`;
}

const pairFile = "apps/web/production/pair.yaml";
let signoff: SignoffWorld;

beforeEach(async () => {
  signoff = await startSignoff({ [pairFile]: twins("1.0.0", "1.0.0") });
});

afterEach(() => signoff.github.stop());

const verdict = async (sha: string) => {
  const run = await checked(signoff, sha);
  return [run?.conclusion, run?.title];
};
const signed = ["success", "Signed off by grace."];

describe("an approved pull request of a person whose base moves in the same file", () => {
  test("keeps its approval when it is rebased and changes the same", async () => {
    const { number } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    const files = { [webFile]: deployment("1.1.0", "another first line") };
    const rebased = await commitOn(signoff, "mallory", { parents: [await tipOf(signoff, "main")], files });
    await move(signoff, "mallory", "by-mallory", rebased);
    expect(await verdict(rebased)).toEqual(signed);
  });

  test("loses it when the rebase takes back what the base has changed there", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await moveMain(signoff, webFile, deployment("1.0.0", "a repair"));
    const files = { [webFile]: deployment("1.1.0") };
    const rebased = await commitOn(signoff, "mallory", { parents: [await tipOf(signoff, "main")], files });
    await move(signoff, "mallory", "by-mallory", rebased);
    const why = `approved ${sha.slice(0, 7)}, which was another change (${webFile} differs)`;
    expect(await verdict(rebased)).toEqual([
      "action_required",
      `Waiting for 1 of acme/sre. grace does not: ${why}.`,
    ]);
  });

  test("loses it when the same lines are changed at another place that looks alike", async () => {
    const file = { path: pairFile, text: twins("1.1.0", "1.0.0") };
    const sha = await pushFile(signoff, "mallory", "pair", file);
    const number = await openPull(signoff, "mallory", "pair");
    signoff.pass();
    await review(signoff, "grace", number);
    expect(await verdict(sha)).toEqual(signed);
    await moveMain(signoff, pairFile, twins("1.0.0", "1.0.0", "# moved"));
    const files = { [pairFile]: twins("1.0.0", "1.1.0", "# moved") };
    const elsewhere = await commitOn(signoff, "mallory", { parents: [await tipOf(signoff, "main")], files });
    await move(signoff, "mallory", "pair", elsewhere);
    expect((await verdict(elsewhere))[1]).toContain(`(${pairFile} differs)`);
  });

  test("loses it when a file comes along that nobody saw, also one that the base has meanwhile", async () => {
    const { number } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await moveMain(signoff, "apps/web/production/new.yaml", "a: 1\n");
    const files = { [webFile]: deployment("1.1.0"), "apps/web/production/new.yaml": null };
    const rebased = await commitOn(signoff, "mallory", { parents: [await tipOf(signoff, "main")], files });
    await move(signoff, "mallory", "by-mallory", rebased);
    expect((await verdict(rebased))[1]).toContain("(apps/web/production/new.yaml differs)");
  });
});

describe("an approved pull request into which the base is merged", () => {
  async function approvedBehind(): Promise<{ number: number; sha: string }> {
    const { number, sha } = await changeImage(signoff, "mallory");
    await review(signoff, "grace", number);
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    return { number, sha };
  }

  test("keeps its approval when the merge is the clean one", async () => {
    const { sha } = await approvedBehind();
    const files = { [webFile]: deployment("1.1.0", "another first line") };
    const merged = await commitOn(signoff, "mallory", {
      parents: [sha, await tipOf(signoff, "main")],
      files,
    });
    await move(signoff, "mallory", "by-mallory", merged);
    expect(await verdict(merged)).toEqual(signed);
  });

  test("loses it when the merge has been edited by hand", async () => {
    const { sha } = await approvedBehind();
    const files = { [webFile]: deployment("1.1.0", "another first line, and one more thing") };
    const merged = await commitOn(signoff, "mallory", {
      parents: [sha, await tipOf(signoff, "main")],
      files,
    });
    await move(signoff, "mallory", "by-mallory", merged);
    expect((await verdict(merged))[1]).toContain(`which was another change (${webFile} differs)`);
  });

  test("counts for nothing when an edited merge comes in the very second of the approval", async () => {
    const { number, sha } = await changeImage(signoff, "mallory");
    await moveMain(signoff, "README.md", "moved\n");
    const files = { "README.md": "moved\n", [webFile]: deployment("6.6.6") };
    const parents = [sha, await tipOf(signoff, "main")];
    const merged = await commitOn(signoff, "mallory", { parents, files });
    // From the beginning of a second both fall into it.
    signoff.pass(1 - (signoff.github.hub.store.now().getTime() % 1000) / 1000);
    await review({ ...signoff, pass: () => undefined }, "grace", number);
    await move(signoff, "mallory", "by-mallory", merged);
    const [approval] = await signoff.as("ada", "GET", `/pulls/${number}/reviews`);
    expect(approval.commit_id).toBe(merged);
    expect((await verdict(merged))[1]).toContain(`which was another change (${webFile} differs)`);
  });

  test("by the button: keeps the approvals of others, while whoever pressed it cannot approve", async () => {
    const { number } = await approvedBehind();
    await review(signoff, "linus", number);
    await signoff.as("grace", "PUT", `/pulls/${number}/update-branch`, {});
    signoff.pass();
    const merged = await tipOf(signoff, "by-mallory");
    expect(await verdict(merged)).toEqual(["success", "Signed off by linus."]);
    const run = await checked(signoff, merged);
    expect(run?.summary).toContain(`\`grace\`: \`wrote ${merged.slice(0, 7)}\``);
  });
});

describe("an approved bump", () => {
  test("stays approved when it is built anew on a base that moved in its file", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    expect(await verdict(sha)).toEqual(signed);
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    const rebuilt = await buildBump(signoff, deployment("1.1.0", "another first line"));
    expect(await verdict(rebuilt)).toEqual(signed);
  });

  test("says what moves now when it is built for a newer version", async () => {
    const { number, sha } = await openBump(signoff, deployment("1.1.0"));
    await review(signoff, "grace", number);
    await moveMain(signoff, webFile, deployment("1.0.0", "another first line"));
    const rebuilt = await buildBump(signoff, deployment("1.2.0", "another first line"));
    const line = `${webFile} 0/spec/template/spec/containers/0/image 1.0.0 → 1.2.0`;
    const run = await checked(signoff, rebuilt);
    expect(run?.conclusion).toBe("action_required");
    expect(run?.summary).toContain(
      `\`grace\`: \`approved ${sha.slice(0, 7)}, which was another change (now ${line})\``,
    );
  });
});
