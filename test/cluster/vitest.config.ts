import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/cluster/**/*.test.ts"],
    // Starts one cluster for all files.
    globalSetup: "test/support/cluster/prepare.ts",
    setupFiles: "test/support/cluster/logs-of-failures.ts",
    fileParallelism: false,
    // Several of them start a cluster and a chain of their own.
    testTimeout: 400_000,
    hookTimeout: 180_000,
    // Removing everything from an existing cluster takes a while.
    teardownTimeout: 180_000,
  },
});
