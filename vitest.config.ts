import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These have commands of their own: pnpm test:cluster and pnpm test:chain.
    exclude: [...configDefaults.exclude, "test/cluster/**", "test/chain/**"],
    // Tests run real programs, which the first run builds.
    globalSetup: "test/support/prepare.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
