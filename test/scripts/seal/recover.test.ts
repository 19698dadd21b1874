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
  type Ground,
  keystoreFiles,
  keystores,
  makeGround,
  makePair,
  nodes,
  open,
} from "../../support/seal-setup.ts";

describeWithMezod("recovery", () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await makeGround();
  });

  const seal = (root: string, ...args: string[]) => run(root, "seal", "local", ...args);
  const rendered = (root: string) =>
    ["mezo-node-0/statefulset.yaml", "ethereum-sidecar/deployment.yaml"].map((path) =>
      readFileSync(join(root, "overlays/local", path), "utf8"),
    );

  test("without the artifacts, for a new certificate; no pod rolls, and validate accepts it", async () => {
    const root = copyOf(ground.sealed);
    const before = rendered(root);
    const { code, stdout, stderr } = seal(root, "--recover", ground.key, "--cert", ground.cert2);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("opened    all 3, each with the content that was sealed\n");
    const files = keystores(root);
    for (const node of nodes) {
      expect(await open(files[`${node}-keystore.yaml`] ?? "", ground.key2)).toEqual(keystoreFiles(ground, node));
      expect(await open(files[`${node}-keystore.yaml`] ?? "", ground.key)).toContain("no key could decrypt");
    }
    expect(rendered(root)).toEqual(before);
    expect(run(root, "validate", "local").code).toBe(0);
  });

  test("without a new certificate it proves that the backup opens everything, and changes nothing", () => {
    const root = copyOf(ground.sealed);
    const before = keystores(root);
    const { code, stdout } = seal(root, "--recover", ground.key2, ground.key);
    expect(stdout).toContain("opened    all 3, ");
    expect(stdout).toContain("seal: local: 0 files written, 0 removed\n");
    expect(code).toBe(0);
    expect(keystores(root)).toEqual(before);
  });

  test("from a backup of the controller's Secrets, in a path with a comma, a quote and a space", () => {
    const root = copyOf(ground.sealed);
    const secrets = [ground.key2, ground.key].map((file) => ({
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

  test("the key that the README backs up: PKCS #1 as well", () => {
    const root = copyOf(ground.sealed);
    const file = join(root, "pkcs1.pem");
    // As the controller writes it.
    const script = `process.stdout.write(require("node:crypto").createPrivateKey(require("node:fs").readFileSync(process.argv[1])).export({ type: "pkcs1", format: "pem" }))`;
    writeFileSync(file, execFileSync(process.execPath, ["-e", script, ground.key]));
    expect(seal(root, "--recover", file).code).toBe(0);
  });

  test.each([
    [
      "another key",
      () => ground.key2,
      () => {},
      /mezo-node-0-keystore.yaml: does not open with these keys, under this name and in this namespace/,
    ],
    [
      "no key",
      () => ground.cert,
      () => {},
      /cert.pem holds no private key: give PEM files, or the backup of the controller's Secrets/,
    ],
    ["no file", () => "/nonexistent/key.pem", () => {}, /\/nonexistent\/key.pem is not there/],
    [
      "a flipped bit",
      () => ground.key,
      (root: string) =>
        edit(join(root, "overlays/local/keystores/mezo-node-1-keystore.yaml"), (yaml) =>
          yaml.replace(/(keyhash: .{300})(.)/, (_all, head, last) => `${head}${last === "A" ? "B" : "A"}`),
        ),
      /mezo-node-1-keystore.yaml: does not open with these keys/,
    ],
    [
      "a file of another validator",
      () => ground.key,
      (root: string) =>
        edit(
          join(root, "overlays/local/keystores/mezo-node-1-keystore.yaml"),
          () => keystores(root)["mezo-node-0-keystore.yaml"] ?? "",
        ),
      /mezo-node-1-keystore.yaml: opens into something else than the lock says was sealed/,
    ],
    [
      "a validator that is described otherwise by now",
      () => ground.key,
      (root: string) => {
        const validators = JSON.parse(readFileSync(join(root, "generators/networks/local/validators.json"), "utf8"));
        const other = "ab".repeat(20);
        edit(join(root, "generators/networks/local/validators.json"), (text) =>
          text.replace(validators[0].nodeId, other),
        );
        run(root, "gen");
      },
      /mezo-node-0\/node_key.json: is of node id [0-9a-f]{40}, and mezo-node-0 is described with (ab){20}/,
    ],
  ])("%s recovers nothing", (_fault, key, change, says) => {
    const root = copyOf(ground.sealed);
    change(root);
    const attempt = () => seal(root, "--recover", key(), "--cert", ground.cert2);
    expect(refuses([root], attempt, { says }).stderr).not.toContain("PRIVATE KEY");
  });

  test("a certificate of 4096 bits, as the controller makes them", async () => {
    const root = copyOf(ground.sealed);
    const file = join(root, "cert.pem");
    writeFileSync(file, (await makePair({ bits: 4096 })).certificate);
    expect(seal(root, "--recover", ground.key, "--cert", file).stdout).toContain(", RSA 4096, expires ");
    expect(run(root, "seal", "--check").code).toBe(0);
  });
});
