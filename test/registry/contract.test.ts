import { describe, test } from "vitest";
import { startRegistry } from "../../src/sandbox/registry.ts";
import { registryContract } from "../contracts/registry.ts";
import { findDockerRegistry, startDockerRegistry } from "../real/docker-registry.ts";

registryContract("the sandbox's registry", startRegistry);

const real = await findDockerRegistry();
if (real.found) {
  registryContract("Debian's docker-registry", startDockerRegistry);
} else {
  describe("the registry contract on Debian's docker-registry", () => {
    test.skip(`was not run: ${real.why}`, () => {});
  });
}
