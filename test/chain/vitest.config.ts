import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Upgrades come last: they leave a chain that no older release can go on with. */
class UpgradesLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isUpgrade = ({ moduleId }: TestSpecification) => moduleId.endsWith("upgrade.test.ts");
    return [...sorted.filter((file) => !isUpgrade(file)), ...sorted.filter(isUpgrade)];
  }
}

export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/chain/**/*.test.ts"],
    // Starts one network for all files.
    globalSetup: "test/support/chain/prepare.ts",
    setupFiles: "test/support/cluster/logs-of-failures.ts",
    fileParallelism: false,
    sequence: { sequencer: UpgradesLast },
    // A rollout, one validator after the other behind gates.
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
