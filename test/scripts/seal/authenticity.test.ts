import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSources } from "generators/load.ts";
import type { Network } from "generators/network/schema.ts";
import type { Tree } from "generators/tree.ts";
import noLostKeystores from "scripts/rules/history/no-lost-keystores.ts";
import noOlderSeals from "scripts/rules/history/no-older-seals.ts";
import { checkKeystores } from "scripts/seal/check.ts";
import { readKeystoresFolder } from "scripts/seal/keystores-folder.ts";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import {
  certificateFile,
  change,
  inLock,
  lockFile,
  otherUrl,
  replace,
  rubbish,
  sign,
  signatureFile,
} from "../../support/forge.ts";
import { earlier } from "../../support/rules/history.ts";
import { makeSealSetup, pinned, publicHalf, type SealSetup } from "../../support/seal-setup.ts";

const folder = "overlays/local/keystores";

describeWithMezod("who made a sealed file", () => {
  let setup: SealSetup;
  let network: Network;
  let sealed: Tree;
  beforeAll(async () => {
    setup = await makeSealSetup();
    const sources = await loadSources(setup.sealed);
    network = sources.find((source) => source.network.name === "local")?.network as Network;
    sealed = readKeystoresFolder(setup.sealed, "local");
  });

  const text = (files: Tree, path: string) => files.get(path) ?? "";
  const found = (files: Tree, of = network) =>
    [...checkKeystores(of, files)].map(
      ({ severity, object, field, message }) => `${severity} ${object.replace(`${folder}/`, "")} ${field}: ${message}`,
    );
  const withSealing = (sealing: Partial<NonNullable<Network["sealing"]>>): Network => ({
    ...network,
    sealing: { ...(network.sealing as NonNullable<Network["sealing"]>), ...sealing },
  });

  const changed = /^error seal.lock.json.sig : is not one of this lock: the lock was changed after it was signed/;
  const strange =
    /^error seal.lock.json.sig : was made by SHA256:\S{43}, which is none of the network's signers; restore/;

  type Attack = [string, (files: Tree) => unknown, RegExp];

  const attacks: Attack[] = [
    [
      "the certificate and the lock's fingerprints alone are changed",
      (files) => {
        const [one, two] = [pinned(setup.cert), pinned(setup.cert2)].map((pin) => pin.slice(7)) as [string, string];
        files.set(certificateFile, readFileSync(setup.cert2, "utf8"));
        change(files, lockFile, (lock) => lock.replaceAll(one, two));
        sign(files, setup.signer);
      },
      /^error certificate.pem : has the fingerprint sha256:\w{64}, but generators\/networks\/local.ts pins sha256:\w{64}: restore/,
    ],
    [
      "another Ethereum node, with its digests",
      (files) => replace(files, "ethereum-sidecar-config", otherUrl),
      changed,
    ],
    [
      "rubbish for a keystore, with its digests",
      (files) => replace(files, "mezo-node-0-keystore", rubbish(files, "mezo-node-0-keystore")),
      changed,
    ],
    [
      "the same, signed by a stranger",
      async (files) => {
        await replace(files, "ethereum-sidecar-config", otherUrl);
        sign(files, setup.stranger);
      },
      strange,
    ],
    [
      "no signature",
      (files) => files.delete(signatureFile),
      /^error seal.lock.json.sig : is missing: the lock is not signed; /,
    ],
    ["a signature that is none", (files) => files.set(signatureFile, "x\n"), changed],
    ["an empty signature", (files) => files.set(signatureFile, ""), changed],
    ["a stranger's signature", (files) => sign(files, setup.stranger), strange],
    ["a signer's signature for something else", (files) => sign(files, setup.signer, "git"), changed],
    ["a signer's signature of another text", (files) => change(files, lockFile, (lock) => `${lock}\n`), changed],
    [
      "a lock that was signed for another network",
      (files) => {
        change(files, lockFile, (lock) => lock.replace('"network": "local"', '"network": "staging"'));
        sign(files, setup.signer);
      },
      /^error seal.lock.json network: is staging, but the network's is local: seal again$/,
    ],
    [
      "a lock that was signed for another chain",
      (files) => {
        change(files, lockFile, (lock) => lock.replace("mezo_31611-10", "mezo_31611-1"));
        sign(files, setup.signer);
      },
      /^error seal.lock.json chainId: is mezo_31611-1, but the network's is mezo_31611-10: seal again$/,
    ],
    [
      "a keystore that was signed for another cluster",
      (files) => {
        inLock(files, ({ secrets }) => Object.assign(secrets["mezo-node-0-keystore"] ?? {}, { cluster: "gke:a/b/c" }));
        sign(files, setup.signer);
      },
      /^error seal.lock.json secrets.mezo-node-0-keystore.cluster: is gke:a\/b\/c, but the network's is https:\S+ the key would run in both; put it back, and move the key as docs\/runbooks\/move-a-key.md says$/,
    ],
    [
      "the signature of an earlier lock",
      (files) => {
        sign(files, setup.signer);
        inLock(files, (lock) => Object.assign(lock, { serial: 2 }));
      },
      changed,
    ],
    [
      "an earlier lock with its signature, beside newer files",
      async (files) => {
        const old = [text(files, lockFile), text(files, signatureFile)] as const;
        await replace(files, "ethereum-sidecar-config", otherUrl);
        files.set(lockFile, old[0]).set(signatureFile, old[1]);
      },
      /^error ethereum-sidecar-config.yaml : is not the file that was sealed/,
    ],
    [
      "the lock and its signature deleted",
      (files) => [lockFile, signatureFile].map((file) => files.delete(file)),
      /^error seal.lock.json : is missing/,
    ],
    [
      "a keystore deleted from the folder and the lock",
      (files) => {
        files.delete(`${folder}/mezo-node-0-keystore.yaml`);
        inLock(files, ({ secrets }) => delete secrets["mezo-node-0-keystore"]);
      },
      changed,
    ],
  ];

  test.each(attacks)("%s", async (_attack, forge, message) => {
    const files = new Map(sealed);
    await forge(files);
    expect(found(files)).toContainEqual(expect.stringMatching(message));
  });

  test("what the network's signer has sealed has no fault, and nothing sealed has none either", () => {
    expect(found(sealed)).toEqual([]);
    expect(found(new Map())).toEqual([]);
    expect(found(new Map(), { ...network, sealing: undefined })).toEqual([]);
  });

  describe("what the network says of sealing", () => {
    test("nothing", () => {
      expect(found(sealed, { ...network, sealing: undefined })).toContainEqual(
        expect.stringMatching(
          /^error generators\/networks\/local.ts sealing: is missing: whoever can change overlays\/local\/keystores\/certificate.pem could have keys sealed for himself/,
        ),
      );
    });

    test("another certificate", () => {
      expect(found(sealed, withSealing({ certificate: pinned(setup.cert2) }))).toEqual([
        expect.stringMatching(/^error certificate.pem : has the fingerprint/),
      ]);
    });

    test("other signers", () => {
      expect(found(sealed, withSealing({ signers: [publicHalf(setup.stranger)] }))).toEqual([
        expect.stringMatching(strange),
      ]);
      expect(found(sealed, withSealing({ signers: [setup.stranger, setup.signer].map(publicHalf) }))).toEqual([]);
    });

    test("that nobody signs, which is a warning for ever", () => {
      const files = new Map(sealed);
      const off = withSealing({ signers: { off: "a trial on one machine" } });
      expect(found(files, off)).toContainEqual(
        expect.stringMatching(/^error seal.lock.json.sig : does not belong here/),
      );
      files.delete(signatureFile);
      expect(found(files, off)).toEqual([
        "warning generators/networks/local.ts sealing.signers: nobody signs what is sealed, so whoever can push can replace it: a trial on one machine",
      ]);
    });

    test("a stranger as a signer, in the same push: nothing but the review of the network's file finds it", () => {
      const files = new Map(sealed);
      sign(files, setup.stranger);
      expect(found(files, withSealing({ signers: [publicHalf(setup.stranger)] }))).toEqual([]);
    });
  });

  test("without ssh-keygen nothing passes unseen", () => {
    const { PATH = "" } = process.env;
    onTestFinished(() => {
      process.env.PATH = PATH;
    });
    process.env.PATH = join(setup.folder, "nowhere");
    expect(found(sealed)).toEqual([
      expect.stringMatching(
        /^error seal.lock.json.sig : can't be verified: this machine has no ssh-keygen: install OpenSSH's client, the package openssh-client on Debian and Ubuntu; /,
      ),
    ]);
  });

  describe("what a commit before shows", () => {
    const atCommit = () => [earlier({ keystores: sealed })];

    test("an earlier lock with its signature and all its files", () => {
      const newer = new Map(sealed);
      inLock(newer, (lock) => Object.assign(lock, { serial: 2 }));
      const back = [...noOlderSeals.check([], network, [earlier({ keystores: newer })], sealed)];
      expect(back.map(({ message }) => message)).toEqual([
        "is 1, but at commit abc1234 it was 2: every sealing adds 1",
      ]);
      expect(found(sealed)).toEqual([]);
    });

    test("all keystores are deleted", () => {
      const gone = [...noLostKeystores.check([], network, atCommit(), new Map())].map(({ message }) => message);
      expect(gone).toEqual(Array(3).fill("is gone, but was there at commit abc1234"));
    });
  });
});
