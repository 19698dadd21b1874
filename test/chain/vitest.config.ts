import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/chain/**/*.test.ts"],
    // Starts one network for all files.
    globalSetup: "test/support/chain/prepare.ts",
    setupFiles: "test/support/cluster/logs-of-failures.ts",
    fileParallelism: false,
    // A rollout, one validator after the other behind gates.
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
