import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They have commands of their own: pnpm test:cluster, pnpm test:chain.
    exclude: [...configDefaults.exclude, "test/cluster/**", "test/chain/**"],
    // Real programs run in these tests, and the first run builds them.
    globalSetup: "test/support/prepare.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
