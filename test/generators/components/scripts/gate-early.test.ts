import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gate } from "generators/components/scripts/gate.ts";
import { expect, onTestFinished, test } from "vitest";
import { staging } from "../../../support/networks.ts";

// A chain of one validator whose height grows with each question, and that signs every block.
const fakeMezod = (from: number) => `#!/bin/sh
[ "$1" = version ] && exit
if [ "$1" = status ]; then
  read -r asked <"$ASKED"
  echo $((asked + 1)) >"$ASKED"
  echo '{"network":"${staging.chain.id}","latest_block_height":"'$((${from} + asked))'","catching_up":false,"voting_power":"1"}'
else
  echo '{"last_commit":{"signatures":[{"block_id_flag":"BLOCK_ID_FLAG_COMMIT","validator_address":"x="}'
fi
`;

/** Runs the gate of staging with a release, before a batch of nobody. */
function passes(tag: string, height: number) {
  const root = mkdtempSync(join(tmpdir(), "gate-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/mezod"), fakeMezod(height), { mode: 0o755 });
  writeFileSync(join(root, "asked"), "0\n");
  const { status, stderr } = spawnSync("/bin/sh", ["-c", gate({ ...staging, image: { ...staging.image, tag } })], {
    encoding: "utf8",
    env: {
      PATH: join(root, "bin"),
      HOME: root,
      ASKED: join(root, "asked"),
      CHAIN_ID: staging.chain.id,
      VALIDATORS: "host=x=",
      BATCH: "",
      BEFORE: "",
      PAUSED: "",
      DONE: "new",
      NEW: "no",
      STILL_SECONDS: "20",
      PATIENCE_SECONDS: "20",
    },
  });
  return { status, stderr };
}

test("a release that follows a halt is held while the chain makes blocks before it", () => {
  const { status, stderr } = passes("v0.3.0-rc3", 1_000_000);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^Held: the chain is at height 100000\d, and the release must not start before the halt at height 1093500\./,
  );
});

test.each([
  ["behind the halt", "v0.3.0-rc3", 1_093_500],
  ["without a halt", "v0.2.0-rc3", 1_000_000],
  ["before a fork", "v0.4.0-rc1", 1_000_000],
])("others are not, such as one %s", (_, tag, height) => {
  expect(passes(tag, height)).toEqual({ status: 0, stderr: "" });
});
