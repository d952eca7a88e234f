import { afterEach, beforeEach, expect, test } from "vitest";
import { configPath } from "../../../src/config/config.ts";
import { checked, moveMain, openPull, pushFile } from "../signoff-steps.ts";
import { type SignoffWorld, config, deployment, startSignoff } from "../signoff-world.ts";

let signoff: SignoffWorld;
beforeEach(async () => {
  signoff = await startSignoff();
});
afterEach(() => signoff.github.stop());

const path = "apps/web/staging/web.yaml";
const nobody = "No approval is demanded.";
const somebody = "Waiting for 1 of people who can write.";

/** Patches on staging need nobody. */
function rules(images = ""): string {
  const rule = `rules:
    - name: patches
      when: { environment: staging, kind: patch }
      need: { approvals: 0, anyOf: [write] }`;
  return `${images}${config.replace("rules:", rule)}`;
}

/** The title of the check of a pull request that moves the image of staging. */
async function titleOf(text: string, branch = "change"): Promise<string | undefined> {
  const sha = await pushFile(signoff, "mallory", branch, { path, text });
  await openPull(signoff, "mallory", branch);
  return (await checked(signoff, sha))?.title;
}

const alphabetical = (environment: string): string =>
  `images: [{ match: "**", environments: [${environment}], policy: { alphabetical: asc } }]\n`;

test.each([
  ["by default, by the numbers", rules(), nobody],
  ["of a policy that knows no patches", rules(alphabetical("staging")), somebody],
  ["of a policy for another environment, by default", rules(alphabetical("production")), nobody],
])("an image is judged %s", async (_, text, title) => {
  await moveMain(signoff, configPath, text);
  await moveMain(signoff, path, deployment("1.0.0"));
  expect(await titleOf(deployment("1.0.1"))).toBe(title);
  expect(await titleOf(deployment("1.1.0"), "minor")).toBe(somebody);
});

const marked = (tag: string): string =>
  deployment(tag).replace(/(image: .*)/, '$1 # {"$imagepolicy": "flux-system:web"}');
const fluxPolicy = (filter: string): string => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: { name: web, namespace: flux-system }
spec: { imageRepositoryRef: { name: web }, ${filter}policy: { semver: { range: ">=0" } } }
`;
/** Which calls every change a patch. */
const lenient = `filterTags: { pattern: '^(?P<n>[0-9]+)', extract: "1.0.$n" }, `;

test("a policy of another tool counts as the default branch has it now, not as an old commit had it", async () => {
  await moveMain(signoff, configPath, rules());
  await moveMain(signoff, path, marked("1.0.0"));
  await moveMain(signoff, "flux/web.yaml", fluxPolicy(lenient));
  expect(await titleOf(marked("2.0.0"), "lenient")).toBe(nobody);
  const sha = await pushFile(signoff, "mallory", "old", { path, text: marked("3.0.0") });
  await moveMain(signoff, "flux/web.yaml", fluxPolicy(""));
  await openPull(signoff, "mallory", "old");
  expect((await checked(signoff, sha))?.title).toBe(somebody);
  expect(await titleOf(marked("1.0.1"), "patch")).toBe(nobody);
});
