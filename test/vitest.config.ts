import { defineConfig } from "vitest/config";

/** Suites start servers and kill processes of their own; two workers are what two cores carry. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["./test/properties.ts"],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", "./test/real/reporter.ts"],
  },
});
