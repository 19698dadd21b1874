import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/cluster/**/*.test.ts"],
    // One cluster for all of them.
    globalSetup: "test/support/cluster/prepare.ts",
    setupFiles: "test/support/cluster/logs-of-failures.ts",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // In a cluster that is there already, what was made takes its time to go.
    teardownTimeout: 180_000,
  },
});
