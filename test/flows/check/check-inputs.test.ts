import { afterEach, expect, test } from "vitest";
import { checked, openPull, pushFile, review } from "../signoff-steps.ts";
import { type Login, type SignoffWorld, startSignoff } from "../signoff-world.ts";

let signoff: SignoffWorld;

afterEach(() => signoff.github.stop());

const overlay = (base: string): string => `resources: [${base}]\nnamePrefix: x-\n`;
const production = "apps/shop/production/kustomization.yaml";

const start = async (files: Readonly<Record<string, string>>): Promise<void> => {
  signoff = await startSignoff(files);
};

/** A pull request that writes some files; its verdict's title. */
async function verdict(login: Login, files: Readonly<Record<string, string>>): Promise<string> {
  let sha = "";
  for (const [path, text] of Object.entries(files))
    sha = await pushFile(signoff, login, "change", { path, text });
  await openPull(signoff, login, "change");
  signoff.pass();
  return (await checked(signoff, sha))?.title ?? "none";
}

const shared = {
  [production]: overlay("../../../base/shop"),
  "apps/shop/staging/kustomization.yaml": overlay("../../../base/shop"),
  "base/shop/kustomization.yaml": "resources: [shop.yaml]\n",
  "base/shop/shop.yaml": "kind: Service\n",
  "base/other/other.yaml": "kind: Service\n",
};

test("a change of a shared base has to be signed for every environment that reads it", async () => {
  await start(shared);
  expect(await verdict("mallory", { "base/shop/shop.yaml": "kind: Deployment\n" })).toBe(
    "Waiting for 1 of acme/sre and 1 of people who can write.",
  );
});

test("what no app reads is nobody's to sign", async () => {
  await start(shared);
  expect(await verdict("mallory", { "base/other/other.yaml": "kind: X\n", "notes.md": "x" })).not.toContain(
    "acme/sre",
  );
});

test("a base that the pull request itself brings in counts", async () => {
  const staged = { ...shared, [production]: "resources: []\n" };
  await start(staged);
  const changed = {
    "base/more/kustomization.yaml": "resources: [more.yaml]\n",
    "base/shop/kustomization.yaml": "resources: [shop.yaml, ../more]\n",
    [production]: overlay("../../../base/more"),
  };
  expect(await verdict("mallory", changed)).toContain("acme/sre");
});

test("a file that is added to a chart which an environment takes in counts for it", async () => {
  await start({
    "apps/shop/production/Chart.yaml":
      "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{ name: lib, version: 1.0.0, repository: file://../../../charts/lib }]\n",
    "charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 1.0.0\n",
  });
  expect(await verdict("mallory", { "charts/lib/templates/new.yaml": "kind: X\n" })).toContain("acme/sre");
});

test("an approval of somebody who may sign for one environment alone does not suffice", async () => {
  await start(shared);
  const sha = await pushFile(signoff, "mallory", "change", {
    path: "base/shop/shop.yaml",
    text: "kind: Y\n",
  });
  const number = await openPull(signoff, "mallory", "change");
  signoff.pass();
  await review(signoff, "ada", number);
  expect((await checked(signoff, sha))?.conclusion).toBe("action_required");
  await review(signoff, "grace", number);
  expect((await checked(signoff, sha))?.conclusion).toBe("success");
});
