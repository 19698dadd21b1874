import { spawn } from "node:child_process";
import { once } from "node:events";
import { loadSources } from "generators/load.ts";
import type { Source } from "generators/render.ts";
import { checkKeystores } from "scripts/seal/check.ts";
import { readKeystoresFolder } from "scripts/seal/keystores-folder.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../support/checkout.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import { copyOf, declareSealing, keystores, makeSealSetup, type SealSetup } from "../../support/seal-setup.ts";

describeWithMezod("interruption", () => {
  let setup: SealSetup;
  beforeAll(async () => {
    setup = await makeSealSetup();
  });

  /** Rotates, and sends a signal when a text has been printed, a while after it. */
  async function interrupted(root: string, signal: NodeJS.Signals, at: string, delay: number) {
    declareSealing(root, setup.cert2, setup.signer);
    const args = [
      "--sign-with",
      setup.signer,
      "--from",
      setup.artifacts,
      "--cert",
      setup.cert2,
      "--ethereum-node-address",
      setup.address,
    ];
    // What is killed leaves the certificate's temporary file there.
    const env = { ...process.env, TMPDIR: setup.folder };
    const child = spawn(process.execPath, ["scripts/seal.ts", "local", "--rotate", ...args], { cwd: root, env });
    for (let shown = ""; !shown.includes(at); ) shown += (await once(child.stdout, "data"))[0];
    setTimeout(() => child.kill(signal), delay);
    await once(child, "exit");
  }

  const stages: [string, string, number][] = [
    ["at the start", "", 50],
    ["while the artifacts are read", "", 500],
    ["when kubeseal is known", "kubeseal v", 0],
    ["while it seals", "kubeseal v", 150],
    ["after the first keystore", "sealed    mezo-node-0-keystore", 0],
    ["after the last keystore", "sealed    mezo-node-1-keystore", 0],
  ];
  // What writes the files can't be interrupted by a signal that can be heard.
  const writing: typeof stages = [
    ["before the files are written", "sealed    ethereum-sidecar-config", 0],
    ["while they are written", "sealed    ethereum-sidecar-config", 30],
    ["while they are written, later", "sealed    ethereum-sidecar-config", 60],
  ];

  describe.each([
    ["SIGINT", [...stages, ...writing]],
    ["SIGTERM", writing],
    ["SIGKILL", stages],
  ] as const)("%s leaves the folder as it was, or complete", (signal, at) => {
    test.each(at)("%s", async (_stage, after, delay) => {
      const root = copyOf(setup.sealed);
      const before = keystores(root);
      await interrupted(root, signal, after, delay);
      const found = keystores(root);
      if (found["certificate.pem"] === before["certificate.pem"]) {
        expect(found).toEqual(before);
        // The pin is not of what `pnpm seal` writes.
        declareSealing(root, setup.cert, setup.signer);
      }
      const { network } = (await loadSources(root)).find((source) => source.network.name === "local") as Source;
      expect([...checkKeystores(network, readKeystoresFolder(root, "local"))]).toEqual([]);
      expect(run(root, "gen", "--check").code).toBe(0);
    });
  });
});
