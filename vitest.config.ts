import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These have commands of their own: pnpm test:cluster and pnpm test:chain.
    exclude: [...configDefaults.exclude, "test/cluster/**", "test/chain/**"],
    // Tests run real programs, which the first run builds.
    globalSetup: "test/support/prepare.ts",
    // Tests of chains mostly wait for blocks, so that others run beside them even on two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
