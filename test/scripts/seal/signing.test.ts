import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "generators/tree.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { run } from "../../support/checkout.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import {
  certificateFile,
  forgedCheckout,
  lockFile,
  otherUrl,
  replace,
  rubbish,
  sign,
  signatureFile,
} from "../../support/forge.ts";
import { commit, git } from "../../support/git.ts";
import { refuses } from "../../support/refusal.ts";
import {
  copyOf,
  declareSealing,
  ethereumAddress,
  keystoreFiles,
  keystores,
  makeSealSetup,
  open,
  pinned,
  publicHalf,
  type SealSetup,
  sealAll,
  sealLocal,
} from "../../support/seal-setup.ts";

describeWithMezod("who seals, and for whom", () => {
  let setup: SealSetup;
  beforeAll(async () => {
    setup = await makeSealSetup();
  });

  const declaration = "generators/networks/local.ts";
  const unsigned = (root: string, ...args: string[]) =>
    run(root, "seal", "local", "--from", setup.artifacts, "--ethereum-node-address", setup.address, ...args);

  const forged = (how: (files: Tree) => unknown) => forgedCheckout(setup.sealed, how);

  describe("the certificate", () => {
    test("that no network pins seals nothing; what the command says to write is all that it takes", () => {
      const root = copyOf(setup.bare);
      edit(join(root, declaration), (text) => text.replace(/ {2}sealing: .*\n/, ""));
      const { stderr } = refuses([root], () => sealAll(root, setup), {
        says: /^error: local pins no certificate yet, and nothing was sealed. Certificate \S+cert.pem is sha256:[0-9a-f]{64}:\ncompare the fingerprint with that of the controller's own certificate, over another channel, then say in generators\/networks\/local.ts:\n\n {2}sealing: \{/,
      });
      expect(stderr).toContain(pinned(setup.cert));
      expect(stderr).toContain(publicHalf(setup.signer));
      const lines = stderr.slice(stderr.indexOf("  sealing:"));
      edit(join(root, declaration), (text) => text.replace("  peering:", `${lines}  peering:`));
      expect(sealAll(root, setup)).toMatchObject({ code: 0, stderr: "" });
    });

    test("that somebody has put in the folder, with the lock's fingerprints, gets no key to see", async () => {
      const root = await forged((files) => {
        const [one, two] = [pinned(setup.cert), pinned(setup.cert2)].map((pin) => pin.slice(7)) as [string, string];
        files.set(certificateFile, readFileSync(setup.cert2, "utf8"));
        files.set(lockFile, (files.get(lockFile) ?? "").replaceAll(one, two));
      });
      const says =
        /certificate overlays\/local\/keystores\/certificate.pem is sha256:\w+, but generators\/networks\/local.ts pins sha256:\w+: if it is to be replaced, compare/;
      for (const part of [[], ["mezo-node-0"], ["--rotate"]]) {
        refuses([root], () => sealLocal(root, setup, ...part, "--from", setup.artifacts), { says });
      }
      for (const [script, ...args] of [
        ["seal", "--check"],
        ["validate", "local"],
      ] as const) {
        const { code, stdout } = run(root, script, ...args);
        expect(stdout).toMatch(
          /certificate.pem: has the fingerprint sha256:\w+, but generators\/networks\/local.ts pins/,
        );
        expect(code).toBe(1);
      }
    });

    test("that only the command line names is refused, too", () => {
      refuses([setup.sealed], () => sealAll(setup.sealed, { ...setup, cert: setup.cert2 }), {
        says: /cert2.pem is sha256:\w+, but generators\/networks\/local.ts pins/,
      });
    });
  });

  describe("the signature", () => {
    test.each([
      [
        "no key",
        [],
        "nothing was sealed: local wants what is sealed to be signed: name one of its signers' keys with --sign-with KEY",
      ],
      [
        "a stranger's key",
        ["--sign-with", "stranger"],
        /nothing was written: the signature was made by SHA256:\S+, which is none of the network's signers; add the public key to sealing.signers in generators\/networks\/local.ts, or sign with another/,
      ],
      [
        "a file that is not there",
        ["--sign-with", "nobody"],
        /ssh-keygen did not sign with \S+nobody \(exit code 255\)/,
      ],
    ])("%s writes nothing", (_key, args, says) => {
      const words = args.map((word) => (word.startsWith("--") ? word : join(setup.folder, word)));
      refuses([setup.bare], () => unsigned(setup.bare, "--cert", setup.cert, ...words), { says });
    });

    test("is needed only where something changes", () => {
      const root = copyOf(setup.sealed);
      expect(unsigned(root).stdout).toContain("seal: local: 0 files written, 0 removed\n");
      refuses([root], () => unsigned(root, "--with-recovery-material"), {
        says: "nothing was written: local wants what is sealed to be signed",
      });
    });

    test("an agent can make it, from the public half", () => {
      const root = copyOf(setup.bare);
      const script = `ssh-add -q ${setup.signer} && exec "$@"`;
      const words = [
        "scripts/seal.ts",
        "local",
        "--from",
        setup.artifacts,
        "--cert",
        setup.cert,
        "--ethereum-node-address",
        setup.address,
        "--sign-with",
        `${setup.signer}.pub`,
      ];
      // Without the private key beside it.
      const { status, stderr } = spawnSync("ssh-agent", ["sh", "-c", script, "sh", process.execPath, ...words], {
        cwd: root,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(run(root, "seal", "--check", "local").code).toBe(0);
    });

    test("a key with a passphrase is opened by ssh-keygen, which asks by itself", () => {
      const root = copyOf(setup.bare);
      const [key, ask] = [join(root, "locked"), join(root, "ask")];
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "a test's own", "-f", key]);
      writeFileSync(ask, '#!/bin/sh\necho "a test\'s own"\n');
      chmodSync(ask, 0o755);
      declareSealing(root, setup.cert, key);
      const words = [
        "scripts/seal.ts",
        "local",
        "--from",
        setup.artifacts,
        "--cert",
        setup.cert,
        "--ethereum-node-address",
        setup.address,
        "--sign-with",
        key,
      ];
      const env = { ...process.env, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: "force" };
      const { status } = spawnSync(process.execPath, words, { cwd: root, env, encoding: "utf8" });
      expect(status).toBe(0);
      expect(run(root, "seal", "--check", "local").code).toBe(0);
    });

    test("another signer signs what was sealed before him, without a new content", () => {
      const root = copyOf(setup.sealed);
      const before = keystores(root);
      declareSealing(root, setup.cert, setup.stranger);
      const { code } = sealAll(root, { ...setup, signer: setup.stranger });
      expect(code).toBe(0);
      const contents = (lock = "") =>
        Object.values(JSON.parse(lock).secrets as Record<string, { content: string }>).map(({ content }) => content);
      expect(contents(keystores(root)["seal.lock.json"])).toEqual(contents(before["seal.lock.json"]));
      expect(run(root, "validate", "local").code).toBe(0);
    });

    test("where it is no longer wanted, it goes with the next sealing", () => {
      const root = copyOf(setup.sealed);
      edit(join(root, declaration), (text) =>
        text.replace(/"signers":\[.*?\]/, '"signers":{"off":"a trial on one machine"}'),
      );
      expect(unsigned(root).code).toBe(0);
      expect(Object.keys(keystores(root))).not.toContain("seal.lock.json.sig");
      const { code, stdout } = run(root, "validate", "local");
      expect(stdout).toContain(
        "nobody signs what is sealed, so whoever can push can replace it: a trial on one machine",
      );
      expect(code).toBe(0);
    });
  });

  describe("what somebody else has sealed", () => {
    const forgery = async (files: Tree) => {
      await replace(files, "mezo-node-0-keystore", rubbish(files, "mezo-node-0-keystore"));
      await replace(files, "ethereum-sidecar-config", otherUrl);
      sign(files, setup.stranger);
    };

    test("is never signed by the way: a part can't be sealed beside it", async () => {
      const root = await forged(forgery);
      refuses([root], () => sealLocal(root, setup, "mezo-node-1", "--from", setup.artifacts), {
        says: /seal.lock.json.sig was made by SHA256:\S+, which is none of the network's signers: restore the folder from git, or seal everything anew, without naming validators/,
      });
    });

    test("is replaced when everything is sealed, although its digests fit", async () => {
      const root = await forged(forgery);
      expect(sealAll(root, setup)).toMatchObject({ code: 0, stderr: "" });
      const files = keystores(root);
      expect(await open(files["mezo-node-0-keystore.yaml"] ?? "", setup.key)).toEqual(
        keystoreFiles(setup, "mezo-node-0"),
      );
      expect(await open(files["ethereum-sidecar-config.yaml"] ?? "", setup.key)).toEqual({
        "ethereum-node-address": Buffer.from(ethereumAddress).toString("base64"),
      });
      expect(run(root, "validate", "local").code).toBe(0);
    });

    test("and an earlier state that a signer has sealed, certificate and all, fails validate beside the commit before", () => {
      const root = copyOf(setup.sealed);
      writeFileSync(join(root, ".gitignore"), "node_modules\n");
      git(root, "init", "--quiet");
      commit(root, "sealed");
      // Of two validators none can be spared while they restart with what is sealed anew.
      const accepted = { risk: "halts the chain", reason: "a chain of two in a test", until: "2999-01-01" };
      edit(join(root, "generators/networks/local.ts"), (text) =>
        text.replace("  peering:", `  accept: [${JSON.stringify(accepted)}],\n  peering:`),
      );
      expect(sealLocal(root, setup, "--from", setup.artifacts, "--with-recovery-material").code).toBe(0);
      commit(root, "sealed");
      expect(run(root, "validate", "local").code).toBe(0);
      git(root, "checkout", "--quiet", "HEAD~1", "--", "overlays");
      commit(root, "sealed");
      const { code, stdout } = run(root, "validate", "local");
      expect(stdout).toMatch(
        /error local overlays\/local\/keystores\/seal.lock.json serial: is 1, but at commit \w+ it was 2/,
      );
      expect(stdout).toContain("✓ sealed secrets       local 3, ");
      expect(code).toBe(1);
    });

    test("fails validate", async () => {
      const { code, stdout } = run(await forged(forgery), "validate", "local");
      expect(stdout).toContain(`error ${signatureFile}: was made by SHA256:`);
      expect(code).toBe(1);
    });
  });
});
