import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/chain/**/*.test.ts"],
    // One network for all of them.
    globalSetup: "test/chain/prepare.ts",
    setupFiles: "test/cluster/failures.ts",
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
