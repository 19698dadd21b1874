import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "generators/tree.ts";
import { beforeAll, expect, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { run } from "../../support/checkout.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import { forgedCheckout, otherUrl, replace, rubbish, sign, signatureFile } from "../../support/forge.ts";
import { refuses } from "../../support/refusal.ts";
import { copyOf, ethereumAddress, makeSealSetup, type SealSetup } from "../../support/seal-setup.ts";

describeWithMezod("what is sealed is what it should be", () => {
  let setup: SealSetup;
  let wrong: string;
  beforeAll(async () => {
    setup = await makeSealSetup();
    wrong = join(setup.folder, "wrong-address");
    writeFileSync(wrong, "wss://other.example.org/v3/hidden\n");
  });

  const artifacts = () => ["--from", setup.artifacts, "--ethereum-node-address", setup.address];
  const keys = () => ["--recover", setup.key];
  const verify = (root: string, ...args: string[]) => run(root, "seal", "local", "--verify", ...args);

  const forged = (how: (files: Tree) => unknown) => forgedCheckout(setup.sealed, how);

  const unsignedIn = (root: string) => {
    edit(join(root, "generators/networks/local.ts"), (text) =>
      text.replace(/"signers":\[.*?\]/, '"signers":{"off":"a trial on one machine"}'),
    );
    rmSync(join(root, signatureFile));
  };

  test.each([
    [
      "the artifacts",
      () => artifacts(),
      "the lock has the digests of what the artifacts hold, 3 in all; that the files open to it is its signer's word, and --recover KEY proves it",
    ],
    ["the controller's keys", () => keys(), "all 3 files open to what the lock says, with the keys of the validators"],
    ["both", () => [...keys(), ...artifacts()], "all 3 files open to what the artifacts hold"],
  ])("with %s", (_with, args, says) => {
    const { code, stdout, stderr } = verify(setup.sealed, ...args());
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `verify: local: ${says}\n`, stderr: "" });
  });

  test.each([
    [
      "another URL, with the artifacts",
      () => ["--from", setup.artifacts, "--ethereum-node-address", wrong],
      "ethereum-sidecar-config.yaml: was sealed with something else than the artifacts hold",
    ],
    [
      "another URL, with the controller's keys",
      () => [...keys(), "--ethereum-node-address", wrong],
      "ethereum-sidecar-config.yaml: opens to another URL of an Ethereum node than the one given",
    ],
    [
      "other keys of a controller",
      () => ["--recover", setup.key2],
      "mezo-node-0-keystore.yaml: does not open with these keys",
    ],
  ])("%s", (_fault, args, says) => {
    const { code, stdout, stderr } = verify(setup.sealed, ...args());
    expect(stdout).toContain(says);
    expect(`${stdout}${stderr}`).not.toMatch(/v3\/|example\.org/);
    expect(code).toBe(1);
  });

  test("a signer's own rubbish passes the digests of nobody else, and opens to nothing right", async () => {
    const root = await forged(async (files) => {
      await replace(files, "mezo-node-0-keystore", rubbish(files, "mezo-node-0-keystore"));
      sign(files, setup.signer);
    });
    expect(run(root, "seal", "--check", "local").code).toBe(0);
    expect(verify(root, ...artifacts()).stdout).toContain("mezo-node-0-keystore.yaml: was sealed with something else");
    const { code, stdout } = verify(root, ...keys());
    expect(stdout).toContain("error mezo-node-0/priv_validator_key.json: ");
    expect(code).toBe(1);
  });

  test("a signer's own URL behind right digests is found by the controller's keys", async () => {
    const root = await forged(async (files) => {
      const digest =
        /"ethereum-sidecar-config"[\s\S]*?"content": "([^"]+)"/.exec(
          files.get("overlays/local/keystores/seal.lock.json") ?? "",
        )?.[1] ?? "";
      await replace(files, "ethereum-sidecar-config", otherUrl);
      files.set(
        "overlays/local/keystores/seal.lock.json",
        (files.get("overlays/local/keystores/seal.lock.json") ?? "").replace(
          /("ethereum-sidecar-config"[\s\S]*?"content": ")[^"]+/,
          (_all, head) => `${head}${digest}`,
        ),
      );
      sign(files, setup.signer);
    });
    expect(verify(root, ...artifacts()).code).toBe(0);
    const { code, stdout } = verify(root, ...keys());
    expect(stdout).toContain(
      "ethereum-sidecar-config.yaml: opens, but not to the content that the lock says was sealed",
    );
    expect(code).toBe(1);
  });

  test("without a signature digests prove nothing, and the URL must be said", () => {
    const root = copyOf(setup.sealed);
    unsignedIn(root);
    expect(verify(root, ...artifacts()).stdout).toContain(
      "nobody signs the lock, so its digests prove nothing: name the controller's private keys with --recover",
    );
    refuses([root], () => verify(root, ...keys()), {
      code: 2,
      says: "there is no terminal to ask on: pass --ethereum-node-address FILE",
    });
    expect(verify(root, ...keys(), "--ethereum-node-address", setup.address).code).toBe(0);
  });

  test("recovery asks for the URL where nobody vouches for the lock, and takes no other", async () => {
    const root = await forged((files) => replace(files, "ethereum-sidecar-config", otherUrl));
    const recover = (...args: string[]) => run(root, "seal", "local", ...keys(), "--sign-with", setup.signer, ...args);
    refuses([root], () => recover(), { code: 2, says: "there is no terminal to ask on" });
    const { stderr } = refuses([root], () => recover("--ethereum-node-address", setup.address), {
      says: "ethereum-sidecar-config.yaml: opens to another URL of an Ethereum node than the one given: unless that is wrong, somebody else sealed it",
    });
    expect(stderr).toContain("nobody vouches for overlays/local/keystores/seal.lock.json");
    expect(stderr).not.toContain(ethereumAddress);
  });

  test("recovery compares the URL that is given, whoever signed the lock", () => {
    const root = copyOf(setup.sealed);
    const recover = (address: string) => run(root, "seal", "local", ...keys(), "--ethereum-node-address", address);
    expect(recover(setup.address).stdout).toContain("seal: local: 0 files written, 0 removed\n");
    refuses([root], () => recover(wrong), { says: "opens to another URL of an Ethereum node than the one given" });
  });

  test.each([
    ["a part", ["mezo-node-0"], "--verify proves everything: name only the network"],
    ["a rotation", ["--rotate"], "--verify can't be combined with --rotate"],
    ["a certificate", ["--recover", "k", "--cert", "c"], "--verify can't be combined with --cert"],
  ])("%s can't be verified", (_what, args, says) => {
    refuses([setup.sealed], () => verify(setup.sealed, ...args), { code: 2, says });
  });

  test("nothing can be verified where nothing is sealed", () => {
    refuses([setup.bare], () => verify(setup.bare, ...keys()), { says: "error: nothing is sealed for local" });
  });
});
