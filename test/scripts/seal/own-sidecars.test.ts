import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectedSecrets } from "scripts/seal/expected.ts";
import { beforeAll, expect, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { run } from "../../support/checkout.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import { withRelease } from "../../support/releases.ts";
import {
  brokenArtifacts,
  copyOf,
  keystoreFiles,
  keystores,
  makeSealSetup,
  open,
  type SealSetup,
  sealAll,
} from "../../support/seal-setup.ts";

const file = "keyring_password.txt";

test("the password is expected where the validator has an ethereum-sidecar of its own, and nowhere else", () => {
  const own = withRelease("v4.0.1");
  const bridged = withRelease("v4.0.1", { ethereumSidecar: { ...own.ethereumSidecar, bridge: [2] } });
  const withPassword = (network: typeof own) =>
    expectedSecrets(network).flatMap(({ name, keys }) => (keys.includes(file) ? [name] : []));
  expect(withPassword(withRelease("v3.0.1"))).toEqual([]);
  expect(withPassword(own)).toEqual([0, 1, 2, 3, 4].map((i) => `mezo-node-${i}-keystore`));
  expect(withPassword(bridged)).toEqual(["mezo-node-2-keystore"]);
  expect(expectedSecrets(own).at(-1)?.name).toBe("ethereum-sidecar-config");
});

describeWithMezod("a network whose validators have sidecars of their own", () => {
  let setup: SealSetup;
  beforeAll(async () => {
    setup = await makeSealSetup();
  });

  /** One of the checkouts, with a release that has such sidecars. */
  function later(from: string): string {
    const root = copyOf(from);
    const connect = `{ image: { digest: "sha256:${"c".repeat(64)}" }, resources: { cpu: "10m", memory: "64Mi" } }`;
    edit(join(root, "generators/networks/local.ts"), (text) =>
      text
        .replace('tag: "v0.2.0-rc3"', 'tag: "v4.0.1"')
        .replace("  ethereumSidecar:", `  connectSidecar: ${connect},\n  ethereumSidecar:`),
    );
    return root;
  }

  test("their passwords are sealed with the keystores, without a warning", async () => {
    const root = later(setup.bare);
    expect(sealAll(root, setup)).toMatchObject({ code: 0, stderr: "" });
    const data = await open(keystores(root)["mezo-node-0-keystore.yaml"] ?? "", setup.key);
    expect(data).toEqual({
      ...keystoreFiles(setup, "mezo-node-0"),
      [file]: readFileSync(join(setup.artifacts, "mezo-node-0", file)).toString("base64"),
    });
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  test("what was sealed before is found wanting, and is sealed again", () => {
    const root = later(setup.sealed);
    const check = run(root, "seal", "--check");
    expect(check.code).toBe(1);
    expect(check.stderr + check.stdout).toContain(`lacks ${file}, which the pod mounts: seal again`);
    expect(sealAll(root, setup).code).toBe(0);
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  test.each<[fault: string, change: (path: string) => void, message: string]>([
    ["is missing", (path) => rmSync(path), "is missing: the validator's ethereum-sidecar opens the keyring with it"],
    [
      "ends like a file of Windows",
      (path) => edit(path, (text) => `${text.trim()}\r\n`),
      "must be one line without blanks",
    ],
    ["has two lines", (path) => edit(path, (text) => `${text.trim()}\nmore\n`), "must be one line without blanks"],
    ["is empty", (path) => writeFileSync(path, ""), "must be one line without blanks"],
    ["is another", (path) => writeFileSync(path, "another"), "does not match mezo-node-0/keyring_password.txt"],
  ])("a password that %s is refused, and nothing is written", (_fault, change, message) => {
    const root = later(setup.bare);
    const from = brokenArtifacts(setup, (folder) => change(join(folder, "mezo-node-0", file)));
    const { code, stderr } = sealAll(root, { ...setup, artifacts: from });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(run(root, "seal", "--check").stdout).toContain("local: nothing sealed");
  });
});
