import { describe, expect, test } from "vitest";
import type { Target } from "../../../src/config/config.ts";
import { type Pin, targetFor } from "../../../src/flows/deploy/repository-pins.ts";

const target: Target = {
  repository: "Acme/GitOps",
  paths: ["apps/*", "!elsewhere/*"],
  namespaces: ["web"],
  allowedKinds: [],
  serviceAccount: "self",
  baseline: "head",
  floor: null,
};
const repository = { id: 7, owner: "acme", name: "gitops", installation: 1 };

function found(pin: Partial<Pin> | null, of = repository, path = "apps/web"): boolean {
  const kept = pin === null ? undefined : { target: "acme/gitops", id: 7, baseline: null, ...pin };
  return targetFor([target], { get: () => kept }, of, path) === target;
}

describe("a target belongs to", () => {
  test("the repository of its name, as long as none was seen", () => {
    expect(found(null)).toBe(true);
    expect(found(null, { ...repository, name: "other" })).toBe(false);
  });

  test("the repository that was seen first, whatever it is called now", () => {
    expect(found({ id: 7 }, { ...repository, owner: "emca", name: "renamed" })).toBe(true);
  });

  test("nobody else who takes over the name", () => {
    expect(found({ id: 6 })).toBe(false);
  });

  test("folders that it names", () => {
    expect(found(null, repository, "apps/web/deep")).toBe(false);
    expect(found(null, repository, "elsewhere")).toBe(false);
  });
});
