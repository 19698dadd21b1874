import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSources } from "generators/load.ts";
import type { Network } from "generators/network/schema.ts";
import type { Tree } from "generators/tree.ts";
import { checkKeystores } from "scripts/seal/check.ts";
import { readKeystoresFolder } from "scripts/seal/keystores-folder.ts";
import { sha256 } from "scripts/seal/sealed-secret.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { run } from "../../support/checkout.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import { copyOf, makeSealSetup, type SealSetup } from "../../support/seal-setup.ts";

describeWithMezod("what --check says", () => {
  const folder = "overlays/local/keystores";
  const lockFile = `${folder}/seal.lock.json`;
  const keystore = `${folder}/mezo-node-0-keystore.yaml`;

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
  const change = (files: Tree, path: string, how: (text: string) => string) => files.set(path, how(text(files, path)));
  const found = (files: Tree, of = network, now = new Date()) =>
    [...checkKeystores(of, files, now)].map(
      ({ severity, object, field, message }) => `${severity} ${object.slice(folder.length + 1)} ${field}: ${message}`,
    );

  /** Changes a sealed file and its hash in the lock, so that the check reads the file's own content. */
  function both(files: Tree, how: (text: string) => string): void {
    const before = text(files, keystore);
    change(files, keystore, how);
    change(files, lockFile, (lock) => lock.replace(sha256(before), sha256(text(files, keystore))));
  }

  test("what was just sealed has no faults, nor has a network without keystores", () => {
    expect(found(sealed)).toEqual([]);
    expect(found(new Map())).toEqual([]);
  });

  describe("each fault has its file, its field and its message", () => {
    const faults: [string, (files: Tree) => void, string][] = [
      [
        "a flipped bit",
        (files) => change(files, keystore, flipped),
        "error mezo-node-0-keystore.yaml : is not the file that was sealed: restore it from git, or seal again",
      ],
      [
        "a keystore missing",
        (files) => files.delete(keystore),
        "error mezo-node-0-keystore.yaml : is missing, but the lock lists it",
      ],
      ["the lock missing", (files) => files.delete(lockFile), "error seal.lock.json : is missing"],
      [
        "the certificate missing",
        (files) => files.delete(`${folder}/certificate.pem`),
        "error certificate.pem : is missing",
      ],
      [
        "a certificate file that holds none",
        (files) => files.set(`${folder}/certificate.pem`, "x"),
        "error certificate.pem : holds 0 PEM certificates",
      ],
      [
        "another certificate",
        (files) => files.set(`${folder}/certificate.pem`, readFileSync(setup.cert2, "utf8")),
        "error seal.lock.json secrets.mezo-node-0-keystore.certificate: ",
      ],
      ["an extra file", (files) => files.set(`${folder}/notes.txt`, ""), "error notes.txt : does not belong here"],
      ["an extra folder", (files) => files.set(`${folder}/old/a.yaml`, ""), "error old/a.yaml : does not belong here"],
      [
        "a kustomization without a keystore",
        (files) =>
          change(files, `${folder}/kustomization.yaml`, (yaml) => yaml.replace("- mezo-node-0-keystore.yaml\n", "")),
        "error kustomization.yaml resources: does not list what is sealed",
      ],
      [
        "a keystore that the lock does not have",
        (files) =>
          change(files, lockFile, (lock) =>
            JSON.stringify({ ...JSON.parse(lock), secrets: withoutFirst(JSON.parse(lock).secrets) }),
          ),
        "error mezo-node-0-keystore.yaml : is not in the lock: run `pnpm seal`",
      ],
      [
        "a Secret that the network does not have",
        (files) => change(files, lockFile, (lock) => lock.replace('"mezo-node-1-keystore"', '"mezo-node-7-keystore"')),
        "error seal.lock.json secrets.mezo-node-7-keystore: is not a Secret of local",
      ],
      [
        "a key that the pod mounts and that is not sealed",
        (files) => change(files, lockFile, (lock) => lock.replace('"keyhash",\n', "")),
        "error seal.lock.json secrets.mezo-node-0-keystore.keys: lacks keyhash, which the pod mounts",
      ],
      [
        "a key that no pod mounts",
        (files) => change(files, lockFile, (lock) => lock.replace('"keyhash"', '"keyhash", "other"')),
        "error seal.lock.json secrets.mezo-node-0-keystore.keys: has other, which no pod mounts",
      ],
      [
        "another name",
        (files) => both(files, (yaml) => yaml.replaceAll("mezo-node-0-keystore", "mezo-node-1-keystore")),
        "error mezo-node-0-keystore.yaml metadata.name: is mezo-node-1-keystore, but it opens as mezo-node-0-keystore alone",
      ],
      [
        "another namespace",
        (files) => both(files, (yaml) => yaml.replaceAll("mezo-local", "default")),
        "error mezo-node-0-keystore.yaml metadata.namespace: is default, but it opens in mezo-local alone",
      ],
      [
        "a key that is in the lock but not in the file",
        (files) => both(files, (yaml) => yaml.replace(/ {4}keyhash: \S+\n/, "")),
        "error mezo-node-0-keystore.yaml spec.encryptedData: has ",
      ],
      [
        "a plain value",
        (files) => both(files, (yaml) => yaml.replace(/ {4}keyhash: \S+\n/, "    keyhash: JDJhJDEw\n")),
        'error mezo-node-0-keystore.yaml spec.encryptedData["keyhash"]: is not a value that is encrypted for this certificate',
      ],
      [
        "a template with a plain value",
        (files) => both(files, (yaml) => yaml.replace("  template:\n", "  template:\n    data:\n      more: plain\n")),
        "error mezo-node-0-keystore.yaml : has a layout or a field that `pnpm seal` does not write",
      ],
      [
        "a wider scope",
        (files) =>
          both(files, (yaml) =>
            yaml.replace("annotations:\n", 'annotations:\n    sealedsecrets.bitnami.com/cluster-wide: "true"\n'),
          ),
        "error mezo-node-0-keystore.yaml : has a layout or a field that `pnpm seal` does not write",
      ],
      ["a file that is not YAML", (files) => both(files, () => "{"), "error mezo-node-0-keystore.yaml : not YAML"],
      [
        "a lock of another namespace",
        (files) => change(files, lockFile, (lock) => lock.replace('"mezo-local"', '"default"')),
        "error seal.lock.json secrets.ethereum-sidecar-config.namespace: is default, but the network's is mezo-local: it would not open",
      ],
    ];

    test.each(faults)("%s", (_fault, breakIt, message) => {
      const files = new Map(sealed);
      breakIt(files);
      expect(found(files)).toContainEqual(expect.stringContaining(message));
    });

    test.each(["nodeId", "accountAddress", "consensusPubKey"] as const)(
      "a validator described with another %s",
      (fact) => {
        const [first, ...rest] = network.validators;
        const other = {
          ...network,
          validators: [{ ...(first as Network["validators"][number]), [fact]: "other" }, ...rest],
        };
        expect(found(sealed, other)).toContainEqual(
          expect.stringMatching(
            `error seal.lock.json secrets.mezo-node-0-keystore.validator.${fact}: is .* but validators.json has other`,
          ),
        );
      },
    );

    test.each([
      [20, "warning certificate.pem notAfter: expires in 20 days"],
      [-1, "error certificate.pem notAfter: expired on "],
      [3650 + 500, "warning certificate.pem notBefore: is valid from "],
    ])("a certificate that has %d days left", (days, message) => {
      const now = new Date(Date.now() + (3650 - days) * 24 * 60 * 60 * 1000);
      expect(found(sealed, network, now)).toEqual([expect.stringContaining(message)]);
    });
  });

  describe("a plain Secret with the name of a sealed one", () => {
    const plain = { apiVersion: "v1", kind: "Secret", metadata: { name: "mezo-node-3-keystore" }, data: {} };

    test.each([
      [
        "docs/old.yaml",
        `# kept\n---\n${JSON.stringify({ kind: "ConfigMap", metadata: null })}\n---\n${JSON.stringify(plain)}\n`,
      ],
      ["overlays/local/secret.yml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: ethereum-sidecar-config\n"],
      [
        "docs/dump.yaml",
        "{\n---\nkind: Secret\nmetadata: !odd\n  name: mezo-node-3-keystore\ndata:\n  keyhash: !!binary JDJh\n",
      ],
      ["backup.json", JSON.stringify({ apiVersion: "v1", kind: "List", items: [plain] })],
    ])("in %s fails --check and validate, sealed or not", (path, content) => {
      const root = copyOf(setup.bare);
      edit(join(root, path), () => content);
      for (const [script, ...args] of [["seal", "--check"], ["validate"]]) {
        const { code, stdout } = run(root, script ?? "", ...args);
        expect(stdout).toMatch(
          new RegExp(
            `error ${path} kind: is the plain Secret (mezo-node-3-keystore|ethereum-sidecar-config): delete it`,
          ),
        );
        expect(code).toBe(1);
      }
    });

    test("with another name is ignored", () => {
      const root = copyOf(setup.bare);
      edit(join(root, "secret.yaml"), () => JSON.stringify({ ...plain, metadata: { name: "other" } }));
      expect(run(root, "seal", "--check")).toMatchObject({ code: 0, stderr: "" });
    });
  });

  test("validate reports what is wrong with the keystores, and fails", () => {
    const root = copyOf(setup.sealed);
    edit(join(root, keystore), flipped);
    const { code, stdout } = run(root, "validate", "local");
    expect(stdout).toContain("✗ sealed secrets       local 3, ");
    expect(stdout).toContain(`    error ${keystore}: is not the file that was sealed`);
    expect(code).toBe(1);
  });

  /** The YAML with one bit flipped in the last byte of its first value. */
  function flipped(yaml: string): string {
    return yaml.replace(/(: )(A[A-Za-z0-9+/]{40,}=*)/, (_all, colon, value) => {
      const bytes = Buffer.from(value, "base64");
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return `${colon}${bytes.toString("base64")}`;
    });
  }

  function withoutFirst(secrets: Record<string, unknown>) {
    const { "mezo-node-0-keystore": _first, ...rest } = secrets;
    return rest;
  }
});
