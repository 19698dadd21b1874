import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { run } from "../../support/checkout.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import { refuses } from "../../support/refusal.ts";
import {
  copyOf,
  declareSealing,
  keystoreFiles,
  keystores,
  makePair,
  makeSealSetup,
  nodes,
  open,
  type SealSetup,
  sealLocal,
} from "../../support/seal-setup.ts";

describeWithMezod("recovery", () => {
  let setup: SealSetup;
  beforeAll(async () => {
    setup = await makeSealSetup();
  });

  const seal = (root: string, ...args: string[]) => sealLocal(root, setup, ...args);
  const rendered = (root: string) =>
    ["mezo-node-0/statefulset.yaml", "ethereum-sidecar/deployment.yaml"].map((path) =>
      readFileSync(join(root, "overlays/local", path), "utf8"),
    );

  test("everything is sealed for a new certificate without the artifacts; no pod rolls, and validate accepts it", async () => {
    const root = copyOf(setup.sealed);
    const before = rendered(root);
    declareSealing(root, setup.cert2, setup.signer);
    const { code, stdout, stderr } = seal(root, "--recover", setup.key, "--cert", setup.cert2);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("opened    all 3, each with the content that was sealed\n");
    const files = keystores(root);
    for (const node of nodes) {
      expect(await open(files[`${node}-keystore.yaml`] ?? "", setup.key2)).toEqual(keystoreFiles(setup, node));
      expect(await open(files[`${node}-keystore.yaml`] ?? "", setup.key)).toContain("no key could decrypt");
    }
    expect(rendered(root)).toEqual(before);
    expect(run(root, "validate", "local").code).toBe(0);
  });

  test("without a new certificate, recovery proves that the backup opens everything, and changes nothing", () => {
    const root = copyOf(setup.sealed);
    const before = keystores(root);
    const { code, stdout } = seal(root, "--recover", setup.key2, setup.key);
    expect(stdout).toContain("opened    all 3, ");
    expect(stdout).toContain("seal: local: 0 files written, 0 removed\n");
    expect(code).toBe(0);
    expect(keystores(root)).toEqual(before);
  });

  test("from a backup of the controller's Secrets, in a path with a comma, a quote and a space", () => {
    const root = copyOf(setup.sealed);
    const secrets = [setup.key2, setup.key].map((file) => ({
      apiVersion: "v1",
      kind: "Secret",
      type: "kubernetes.io/tls",
      metadata: { name: "sealed-secrets-key", namespace: "kube-system" },
      data: { "tls.key": readFileSync(file).toString("base64") },
    }));
    const backup = join(root, 'the "old", backup.yaml');
    writeFileSync(backup, JSON.stringify({ apiVersion: "v1", kind: "List", items: secrets }));
    expect(seal(root, "--recover", backup)).toMatchObject({ code: 0, stderr: "" });
  });

  test("a private key in PKCS #1, as the controller writes it", () => {
    const root = copyOf(setup.sealed);
    const file = join(root, "pkcs1.pem");
    const script = `process.stdout.write(require("node:crypto").createPrivateKey(require("node:fs").readFileSync(process.argv[1])).export({ type: "pkcs1", format: "pem" }))`;
    writeFileSync(file, execFileSync(process.execPath, ["-e", script, setup.key]));
    expect(seal(root, "--recover", file).code).toBe(0);
  });

  test.each([
    [
      "another key",
      () => setup.key2,
      () => {},
      /mezo-node-0-keystore.yaml: does not open with these keys, under this name and in this namespace/,
    ],
    [
      "no key",
      () => setup.cert,
      () => {},
      /cert.pem holds no private key: name PEM files, or a backup of the controller's Secrets/,
    ],
    ["no file", () => "/nonexistent/key.pem", () => {}, /\/nonexistent\/key.pem does not exist/],
    [
      "a flipped bit",
      () => setup.key,
      (root: string) =>
        edit(join(root, "overlays/local/keystores/mezo-node-1-keystore.yaml"), (yaml) =>
          yaml.replace(/(keyhash: .{300})(.)/, (_all, head, last) => `${head}${last === "A" ? "B" : "A"}`),
        ),
      /mezo-node-1-keystore.yaml: does not open with these keys/,
    ],
    [
      "another validator's file",
      () => setup.key,
      (root: string) =>
        edit(
          join(root, "overlays/local/keystores/mezo-node-1-keystore.yaml"),
          () => keystores(root)["mezo-node-0-keystore.yaml"] ?? "",
        ),
      /mezo-node-1-keystore.yaml: opens, but not to the content that the lock says was sealed/,
    ],
    [
      "a validator whose description has changed",
      () => setup.key,
      (root: string) => {
        const validators = JSON.parse(readFileSync(join(root, "generators/networks/local/validators.json"), "utf8"));
        const other = "ab".repeat(20);
        edit(join(root, "generators/networks/local/validators.json"), (text) =>
          text.replace(validators[0].nodeId, other),
        );
        run(root, "gen");
      },
      /mezo-node-0\/node_key.json: has node id [0-9a-f]{40}, but mezo-node-0 is described with (ab){20}/,
    ],
  ])("%s recovers nothing", (_fault, key, change, says) => {
    const root = copyOf(setup.sealed);
    change(root);
    const attempt = () => seal(root, "--recover", key(), "--cert", setup.cert2);
    expect(refuses([root], attempt, { says }).stderr).not.toContain("PRIVATE KEY");
  });

  test("a certificate of 4096 bits, as the controller makes them", async () => {
    const root = copyOf(setup.sealed);
    const file = join(root, "cert.pem");
    writeFileSync(file, (await makePair({ bits: 4096 })).certificate);
    declareSealing(root, file, setup.signer);
    expect(seal(root, "--recover", setup.key, "--cert", file).stdout).toContain(", RSA 4096, expires ");
    expect(run(root, "seal", "--check").code).toBe(0);
  });
});
