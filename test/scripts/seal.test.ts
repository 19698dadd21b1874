import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "tools/shell.ts";
import { toolPath } from "tools/tool.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { edit } from "../support/artifacts.ts";
import { run } from "../support/checkout.ts";
import { describeWithMezod } from "../support/describe-with-mezod.ts";
import { refuses } from "../support/refusal.ts";
import {
  brokenArtifacts,
  copyOf,
  declareSealing,
  ethereumAddress,
  keystoreFiles,
  keystores,
  makePair,
  makeSealSetup,
  nodes,
  open,
  type SealSetup,
  sealAll,
  sealLocal,
} from "../support/seal-setup.ts";

describeWithMezod("sealing", () => {
  let setup: SealSetup;
  beforeAll(async () => {
    setup = await makeSealSetup();
  });

  const overlay = (root: string, path: string) => parse(readFileSync(join(root, "overlays/local", path), "utf8"));
  const checksum = (root: string, path: string) =>
    overlay(root, path).spec.template.metadata?.annotations?.["checksum/keystore"];

  describe("sealed by the real kubeseal", () => {
    test("every file opens with the controller's key, to the artifacts byte for byte", async () => {
      const files = keystores(setup.sealed);
      for (const node of nodes) {
        expect(await open(files[`${node}-keystore.yaml`] ?? "", setup.key)).toEqual(keystoreFiles(setup, node));
      }
      expect(await open(files["ethereum-sidecar-config.yaml"] ?? "", setup.key)).toEqual({
        "ethereum-node-address": Buffer.from(ethereumAddress).toString("base64"),
      });
    });

    test.each([
      ["under another name", (text: string) => text.replaceAll("mezo-node-0-keystore", "mezo-node-1-keystore"), "key"],
      ["in another namespace", (text: string) => text.replaceAll("mezo-local", "default"), "key"],
      ["with another key", (text: string) => text, "key2"],
    ] as const)("a file does not open %s", async (_how, change, key) => {
      const text = change(keystores(setup.sealed)["mezo-node-0-keystore.yaml"] ?? "");
      expect(await open(text, setup[key])).toContain("no key could decrypt secret");
    });

    test("strict scope survives kustomize: what Argo CD applies opens to what the pods mount", async () => {
      const { stdout } = await $({ quiet: true })`${await toolPath("kustomize")} build ${setup.sealed}/overlays/local`;
      const objects = parseAllDocuments(stdout).map((document) => document.toJS());
      const sealed = objects.filter(({ kind }) => kind === "SealedSecret");
      expect(sealed.map(({ metadata }) => [metadata.namespace, metadata.name])).toEqual([
        ["mezo-local", "ethereum-sidecar-config"],
        ["mezo-local", "mezo-node-0-keystore"],
        ["mezo-local", "mezo-node-1-keystore"],
      ]);
      for (const node of nodes) {
        const data = await open(
          JSON.stringify(sealed.find(({ metadata }) => metadata.name === `${node}-keystore`)),
          setup.key,
        );
        expect(data).toEqual(keystoreFiles(setup, node));
        const { volumes } = objects.find(({ kind, metadata }) => kind === "StatefulSet" && metadata.name === node).spec
          .template.spec;
        const items = volumes.flatMap((volume: { secret?: object; projected?: { sources: { secret?: object }[] } }) =>
          [volume, ...(volume.projected?.sources ?? [])].flatMap(({ secret }) =>
            ((secret as { items?: { key: string }[] })?.items ?? []).map(({ key }) => key),
          ),
        );
        expect(items.sort()).toEqual(Object.keys(data).sort());
      }
    });

    test("validate accepts it, and gen has nothing to do", () => {
      const { code, stdout } = run(setup.sealed, "validate", "local");
      expect(stdout).toContain("✓ sealed secrets       local 3, ");
      expect(stdout).not.toContain("✗");
      expect(code).toBe(0);
      expect(run(setup.sealed, "gen", "--check").code).toBe(0);
    });

    test("SealedSecrets are neither pruned nor deleted with the Application", () => {
      for (const node of nodes) {
        const { metadata, spec } = overlay(setup.sealed, `keystores/${node}-keystore.yaml`);
        expect(metadata.annotations).toEqual({
          "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
          "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
        });
        expect(spec.template).toEqual({
          metadata: { name: `${node}-keystore`, namespace: "mezo-local" },
          type: "Opaque",
        });
      }
    });
  });

  test("sealing again with the same content and certificate changes no file, with or without the address", () => {
    const root = copyOf(setup.sealed);
    const before = keystores(root);
    const again = sealLocal(root, setup, "--from", setup.artifacts);
    expect(again.stdout).toContain("unchanged mezo-node-1-keystore, 5 keys\n");
    expect(again.stdout).toContain("seal: local: 0 files written, 0 removed\n");
    expect(sealAll(root, setup).stdout).toContain("seal: local: 0 files written, 0 removed\n");
    expect(
      sealLocal(root, setup, "ethereum-sidecar", "--ethereum-node-address", setup.address).stdout.split("\n").at(-2),
    ).toBe("seal: local: 0 files written, 0 removed");
    expect(keystores(root)).toEqual(before);
  });

  test("a pod rolls for new content, not for a new sealing of the same content", () => {
    const root = copyOf(setup.sealed);
    const paths = [...nodes.map((node) => `${node}/statefulset.yaml`), "ethereum-sidecar/deployment.yaml"];
    const sums = paths.map((path) => checksum(root, path));
    expect(new Set(sums).size).toBe(3);
    for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);

    const sealed = keystores(root)["mezo-node-0-keystore.yaml"];
    const all = ["--from", setup.artifacts, "--cert", setup.cert2, "--ethereum-node-address", setup.address];
    declareSealing(root, setup.cert2, setup.signer);
    const rotated = sealLocal(root, setup, "--rotate", ...all);
    expect(rotated.stdout).toContain("mezo-node-0-keystore is sealed for another certificate, ");
    expect(rotated.code).toBe(0);
    expect(keystores(root)["mezo-node-0-keystore.yaml"]).not.toBe(sealed);
    expect(paths.map((path) => checksum(root, path))).toEqual(sums);

    const other = join(root, "address");
    writeFileSync(other, "wss://other.example.org/");
    sealLocal(root, setup, "ethereum-sidecar", "--ethereum-node-address", other);
    const after = paths.map((path) => checksum(root, path));
    expect(after.slice(0, 2)).toEqual(sums.slice(0, 2));
    expect(after[2]).not.toBe(sums[2]);
  });

  test("another certificate is refused without --rotate, and with it nothing stays sealed for the old one", async () => {
    const root = copyOf(setup.sealed);
    const before = keystores(root);
    const other = ["--from", setup.artifacts, "--cert", setup.cert2];
    declareSealing(root, setup.cert2, setup.signer);
    const refused = sealLocal(root, setup, ...other);
    expect(refused.stderr).toMatch(
      /the network's certificate is [0-9a-f]{64}, but this one is [0-9a-f]{64}: --rotate seals everything for it/,
    );
    expect(refused.code).toBe(1);
    expect(keystores(root)).toEqual(before);

    sealLocal(root, setup, "--rotate", ...other, "--ethereum-node-address", setup.address);
    const after = keystores(root);
    for (const node of nodes) {
      expect(await open(after[`${node}-keystore.yaml`] ?? "", setup.key)).toContain("no key could decrypt");
      expect(await open(after[`${node}-keystore.yaml`] ?? "", setup.key2)).toEqual(keystoreFiles(setup, node));
    }
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  test("a new validator is sealed alone, from a folder that holds only its home", async () => {
    const root = copyOf(setup.bare);
    edit(join(root, "generators/networks/local.ts"), (text) =>
      text.replace('"new"', '"started"').replace("  peering:", "  size: 1,\n  peering:"),
    );
    // The first validator alone, as if the second had not been there.
    const first = sealLocal(
      root,
      setup,
      "mezo-node-0",
      "--from",
      setup.artifacts,
      "--cert",
      setup.cert,
      "--ethereum-node-address",
      setup.address,
    );
    expect(first.code).toBe(0);
    expect(run(root, "seal", "--check", "local").code).toBe(0);
    const before = keystores(root);

    edit(join(root, "generators/networks/local.ts"), (text) => text.replace("  size: 1,\n", ""));
    run(root, "gen");
    const waiting = run(root, "validate", "local");
    expect(waiting.stdout).toContain("no SealedSecret mezo-node-1-keystore, though others are sealed");
    expect(waiting.stdout).toContain("overlays/local/keystores/mezo-node-1-keystore.yaml: is not sealed yet");
    const lone = brokenArtifacts(setup, (folder) => {
      for (const name of ["mezo-node-0", "genesis.json", "seeds.txt"]) rmSync(join(folder, name), { recursive: true });
    });
    const second = sealLocal(root, setup, "mezo-node-1", "--from", lone);
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" });
    const after = keystores(root);
    expect(after["mezo-node-0-keystore.yaml"]).toBe(before["mezo-node-0-keystore.yaml"]);
    expect(await open(after["mezo-node-1-keystore.yaml"] ?? "", setup.key)).toEqual(
      keystoreFiles(setup, "mezo-node-1"),
    );
    expect(run(root, "validate", "local").code).toBe(0);
  });

  test("a removed validator's keystore leaves the folder with the next sealing", () => {
    const root = copyOf(setup.sealed);
    edit(join(root, "generators/networks/local.ts"), (text) => text.replace("  peering:", "  size: 1,\n  peering:"));
    const checked = run(root, "seal", "--check");
    expect(checked.stdout).toContain("secrets.mezo-node-1-keystore: is not a Secret of local: `pnpm seal` removes it");
    expect(checked.code).toBe(1);
    const fewer = brokenArtifacts(setup, (folder) => {
      rmSync(join(folder, "mezo-node-1"), { recursive: true });
      edit(join(folder, "seeds.txt"), (text) => `${text.split("\n")[0]}\n`);
      edit(join(folder, "genesis.json"), withoutSecond);
      edit(join(root, "generators/networks/local/genesis.json"), withoutSecond);
    });
    const { code, stdout, stderr } = sealLocal(root, setup, "--from", fewer);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("removed   mezo-node-1-keystore");
    expect(existsSync(join(root, "overlays/local/keystores/mezo-node-1-keystore.yaml"))).toBe(false);
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  test("with a genesis file, accounts may be missing or vesting, and validators may have joined later", () => {
    const root = copyOf(setup.bare);
    edit(join(root, "generators/networks/local.ts"), (text) => text.replace('"new"', '"started"'));
    const artifacts = brokenArtifacts(setup, (folder) => {
      edit(join(folder, "genesis.json"), (text) => {
        const genesis = JSON.parse(withoutSecond(text));
        const [{ base_account }] = genesis.app_state.auth.accounts;
        genesis.app_state.auth.accounts = [{ base_vesting_account: { base_account } }];
        return JSON.stringify(genesis);
      });
      cpSync(join(folder, "genesis.json"), join(root, "generators/networks/local/genesis.json"));
    });
    const { code, stderr } = sealAll(root, { ...setup, artifacts });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  test.each([
    ["is not JSON", "[null", "is not a genesis: it is not a JSON object with a chain_id"],
    ["has a chain id alone", '{"chain_id":"mezo_31611-10"}', "is not a genesis: app_state: is missing"],
  ])(
    "a network's genesis file that %s: one validator is not sealed either, and there is no stack",
    (_fault, text, says) => {
      const root = copyOf(setup.bare);
      writeFileSync(join(root, "generators/networks/local/genesis.json"), text);
      const seal = () => run(root, "seal", "local", "mezo-node-0", "--from", setup.artifacts, "--cert", setup.cert);
      refuses([root], seal, { says: `generators/networks/local/genesis.json: ${says}` });
    },
  );

  /** A genesis without its second validator. */
  function withoutSecond(text: string): string {
    const genesis = JSON.parse(text);
    const transactions = genesis.app_state.genutil.gen_txs;
    genesis.app_state.genutil.gen_txs = transactions.filter(
      (transaction: { body: { messages: { description: { moniker: string } }[] } }) =>
        transaction.body.messages[0]?.description.moniker !== "mezo-node-1",
    );
    return JSON.stringify(genesis);
  }

  test("recovery material is sealed only on request, with a warning", async () => {
    const root = copyOf(setup.bare);
    const { code, stderr } = sealLocal(
      root,
      setup,
      "--from",
      setup.artifacts,
      "--cert",
      setup.cert,
      "--ethereum-node-address",
      setup.address,
      "--with-recovery-material",
    );
    expect(code).toBe(0);
    expect(stderr).toContain("warning mnemonics and keyring passwords go to the cluster");
    const data = await open(keystores(root)["mezo-node-0-keystore.yaml"] ?? "", setup.key);
    const read = (name: string) => readFileSync(join(setup.artifacts, "mezo-node-0", name)).toString("base64");
    expect(data).toEqual({
      ...keystoreFiles(setup, "mezo-node-0"),
      "mnemonic.txt": read("mnemonic.txt"),
      "keyring_password.txt": read("keyring_password.txt"),
    });
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  /** A fault: what is changed in the artifacts, and what the command says. */
  type Fault = [string, (folder: string) => void, RegExp];

  const swap = (folder: string, file: string) => {
    const [a, b] = nodes.map((node) => join(folder, node, file)) as [string, string];
    renameSync(a, `${a}.old`);
    renameSync(b, a);
    renameSync(`${a}.old`, b);
  };

  const keyring = (folder: string, ending: string) =>
    nodes.map((node) => {
      const name = Object.keys(keystoreFiles({ ...setup, artifacts: folder }, node)).find((key) =>
        key.endsWith(ending),
      );
      return join(folder, node, "keyring-file", name ?? "");
    }) as [string, string];

  describe("artifacts that are not what they claim are refused, each with its own message", () => {
    const faults: Fault[] = [
      [
        "consensus keys swapped",
        (folder) => swap(folder, "config/priv_validator_key.json"),
        /mezo-node-0\/config\/priv_validator_key.json: has consensus key \S+, that of mezo-node-1, but generators\/networks\/local describes mezo-node-0 with/,
      ],
      [
        "node keys swapped",
        (folder) => swap(folder, "config/node_key.json"),
        /mezo-node-1\/config\/node_key.json: has node id [0-9a-f]{40}, that of mezo-node-0/,
      ],
      [
        "whole homes swapped",
        (folder) => swap(folder, "."),
        /mezo-node-0\/config\/node_key.json: has node id [0-9a-f]{40}, that of mezo-node-1/,
      ],
      [
        "one consensus key under two names",
        (folder) =>
          writeFileSync(
            join(folder, "mezo-node-1/config/priv_validator_key.json"),
            readFileSync(join(folder, "mezo-node-0/config/priv_validator_key.json")),
          ),
        /mezo-node-1\/config\/priv_validator_key.json: has the same consensus key as mezo-node-0/,
      ],
      [
        "an account file with another name",
        (folder) => {
          const [file] = keyring(folder, ".address");
          renameSync(file, file.replace(/[0-9a-f]{40}/, "00".repeat(20)));
        },
        /mezo-node-0\/keyring-file: has account 0{40}/,
      ],
      [
        "keyring records swapped",
        (folder) => {
          const [a, b] = keyring(folder, "-key.info");
          const text = readFileSync(a);
          writeFileSync(a, readFileSync(b));
          writeFileSync(b, text);
        },
        /mezo-node-0\/keyring-file\/mezo-node-0-key.info: does not open with mezo-node-0\/keyring_password.txt/,
      ],
      [
        "the password of another keyring",
        (folder) => swap(folder, "keyring_password.txt"),
        /mezo-node-0\/keyring-file\/keyhash: does not match mezo-node-0\/keyring_password.txt/,
      ],
      [
        "a key file missing",
        (folder) => rmSync(join(folder, "mezo-node-1/config/node_key.json")),
        /mezo-node-1\/config\/node_key.json: is missing/,
      ],
      [
        "a keyring file missing",
        (folder) => rmSync(keyring(folder, "-key.info")[1]),
        /mezo-node-1\/keyring-file\/mezo-node-1-key.info: is missing/,
      ],
      [
        "a key file cut short",
        (folder) => edit(join(folder, "mezo-node-0/config/priv_validator_key.json"), (text) => text.slice(0, 200)),
        /mezo-node-0\/config\/priv_validator_key.json: is not JSON/,
      ],
      [
        "the public half of another key",
        (folder) => {
          const other = JSON.parse(readFileSync(join(folder, "mezo-node-1/config/priv_validator_key.json"), "utf8"));
          edit(join(folder, "mezo-node-0/config/priv_validator_key.json"), (text) =>
            JSON.stringify({ ...JSON.parse(text), pub_key: other.pub_key, address: other.address }),
          );
        },
        /mezo-node-0\/config\/priv_validator_key.json: pub_key is not the public half of priv_key/,
      ],
      [
        "a home missing",
        (folder) => rmSync(join(folder, "mezo-node-1"), { recursive: true }),
        /mezo-node-1: is missing from the artifacts/,
      ],
      [
        "a key that has signed",
        (folder) =>
          edit(join(folder, "mezo-node-0/data/priv_validator_state.json"), (text) =>
            text.replace('"height": "0"', '"height": "7"'),
          ),
        /mezo-node-0\/data\/priv_validator_state.json: is at height "7", .*: this key has signed already/,
      ],
      [
        "a genesis that is not the network's",
        (folder) => edit(join(folder, "genesis.json"), (text) => `${text}\n`),
        /genesis.json: differs from the network's, generators\/networks\/local\/genesis.json/,
      ],
      [
        "another chain id",
        (folder) =>
          edit(join(folder, "mezo-node-0/config/client.toml"), (text) => text.replace("mezo_31611-10", "mezo_31611-1")),
        /mezo-node-0\/config\/client.toml: chain-id is "mezo_31611-1"/,
      ],
    ];

    test.each(faults)("%s", (_fault, change, says) => {
      const artifacts = brokenArtifacts(setup, change);
      const attempt = () => sealAll(setup.bare, { ...setup, artifacts });
      const { stdout, stderr } = refuses([setup.bare, artifacts], attempt, { says });
      expect(stderr).toMatch(/^error: nothing was sealed\n/);
      expect(stdout).toBe("");
    });

    test("a key that another network has sealed", () => {
      const root = copyOf(setup.bare);
      const lock = JSON.parse(keystores(setup.sealed)["seal.lock.json"] ?? "");
      const { "mezo-node-0-keystore": entry } = lock.secrets;
      mkdirSync(join(root, "overlays/staging/keystores"));
      const secrets = { "mezo-node-4-keystore": { ...entry, cluster: "gke:elsewhere", namespace: "default" } };
      const other = { ...lock, network: "staging", secrets };
      writeFileSync(join(root, "overlays/staging/keystores/seal.lock.json"), JSON.stringify(other));
      const says =
        "mezo-node-0/config/priv_validator_key.json: has the consensus key of default/mezo-node-4-keystore of staging on gke:elsewhere, says overlays/staging/keystores/seal.lock.json, and would be sealed as mezo-local/mezo-node-0-keystore of local on https://kubernetes.default.svc: one key at two places signs twice";
      refuses([root], () => sealAll(root, setup), { says });
    });
  });

  describe("other input that can't be used", () => {
    test.each([
      ["no network", [], 2, "error: name a network"],
      ["an unknown network", ["nope"], 2, "error: no network nope; generators/networks declares local, staging"],
      [
        "an unknown validator",
        ["local", "mezo-node-9"],
        2,
        "error: network local has no validator mezo-node-9; it has mezo-node-0",
      ],
      [
        "two certificates",
        ["local", "--cert", "a", "--controller", "b/c"],
        2,
        "both name the certificate: give one of them",
      ],
      [
        "a controller without a namespace",
        ["local", "--controller", "b"],
        2,
        "--controller must be <namespace>/<name>",
      ],
      ["a context without a controller", ["local", "--context", "b"], 2, "--context needs --controller"],
      [
        "a rotation of one validator",
        ["local", "mezo-node-0", "--rotate"],
        2,
        "--rotate seals everything: name only the network",
      ],
      [
        "recovery from artifacts",
        ["local", "--recover", "k", "--from", "x"],
        2,
        "--recover can't be combined with --from",
      ],
      ["a check that seals", ["--check", "--cert", "x"], 2, "--check can't be combined with --cert"],
      ["an unknown option", ["local", "--force"], 2, "Unknown option '--force'"],
      [
        "no artifacts",
        ["local"],
        1,
        "error: .public-testnet does not exist: name the folder of the artifacts with --from",
      ],
      ["nothing to recover", ["local", "--recover", "k.pem"], 1, "error: nothing is sealed for local"],
    ] as const)("%s", (_fault, args, code, says) => {
      refuses([setup.bare], () => run(setup.bare, "seal", ...args), { code, says });
    });

    test.each([
      ["not there", undefined, "other-address can't be read (ENOENT): name a file with --ethereum-node-address"],
      ["empty", "\n", "the Ethereum node's address is empty"],
      [
        "with another scheme",
        "https://mainnet.example.org/v3/key\n",
        "the Ethereum node's address must begin with ws:// or wss://",
      ],
      ["not a URL", "mainnet\n", "the Ethereum node's address is not a URL"],
    ])("an Ethereum node's address: %s", (_fault, text, says) => {
      const address = join(setup.folder, "other-address");
      rmSync(address, { force: true });
      if (text) writeFileSync(address, text);
      const { stderr } = refuses([setup.bare], () => sealAll(setup.bare, { ...setup, address }), { says });
      expect(stderr).not.toContain("v3/key");
    });

    test.each([
      [
        "a file as the artifacts' folder",
        () => ({ artifacts: setup.cert }),
        "is not a folder: name the folder of the artifacts",
      ],
      [
        "a certificate file that does not exist",
        () => ({ cert: "/nonexistent.pem" }),
        "/nonexistent.pem can't be read (ENOENT): name a file with --cert",
      ],
      [
        "a folder as the certificate file",
        () => ({ cert: setup.folder }),
        "can't be read (EISDIR): name a file with --cert",
      ],
    ])("%s", (_fault, other, says) => {
      refuses([setup.bare], () => sealAll(setup.bare, { ...setup, ...other() }), { says });
    });

    test.each([
      [
        "none",
        undefined,
        "error: local has no certificate yet: name one with --cert FILE or --controller NAMESPACE/NAME",
      ],
      [
        "expired",
        async () => (await makePair({ days: -1 })).certificate,
        /expired on \d{4}-\d\d-\d\d: nothing can be sealed/,
      ],
      ["not RSA", async () => (await makePair({ type: "ec" })).certificate, "has a key of type ec"],
      [
        "too weak",
        async () => (await makePair({ bits: 1024 })).certificate,
        "has an RSA key of 1024 bits, which is too weak; the minimum is 2048",
      ],
      [
        "the private key",
        async () => readFileSync(setup.key, "utf8"),
        "holds a private key, which does not belong here",
      ],
      ["not PEM", async () => "certificate", "holds 0 PEM certificates; exactly one is needed"],
      [
        "two",
        async () => readFileSync(setup.cert, "utf8").repeat(2),
        "holds 2 PEM certificates; exactly one is needed",
      ],
    ])("a certificate: %s", async (_fault, make, says) => {
      const file = join(setup.folder, "other.pem");
      if (make) writeFileSync(file, await make());
      const given = make ? ["--cert", file] : [];
      const all = ["--from", setup.artifacts, "--ethereum-node-address", setup.address];
      refuses([setup.bare], () => run(setup.bare, "seal", "local", ...all, ...given), { says });
    });

    test.each([
      [
        "is about to expire",
        { days: 20 },
        /^warning certificate \S+ expires in 20 days, on \d{4}-\d\d-\d\d: rotate to a new one before\n$/,
        /warning overlays\/local\/keystores\/certificate.pem notAfter/,
      ],
      [
        "is not valid yet",
        { begins: 2 },
        /^warning certificate \S+ is valid from \S+ on only, and it is \S+: one of the clocks is wrong/,
        /warning overlays\/local\/keystores\/certificate.pem notBefore/,
      ],
    ])("a certificate that %s can seal, with a warning", async (_when, pair, says, finds) => {
      const root = copyOf(setup.bare);
      const file = join(root, "cert.pem");
      writeFileSync(file, (await makePair(pair)).certificate);
      declareSealing(root, file, setup.signer);
      const { code, stderr } = sealAll(root, { ...setup, cert: file });
      expect(stderr).toMatch(says);
      expect(code).toBe(0);
      expect(run(root, "validate", "local").stdout).toMatch(finds);
    });

    test("artifacts that git tracks, or does not ignore", async () => {
      const root = copyOf(setup.bare);
      const from = join(root, ".public-testnet");
      cpSync(setup.artifacts, from, { recursive: true });
      await $({ cwd: root, quiet: true })`git init`;
      const attempt = () => sealAll(root, { ...setup, artifacts: from });
      refuses([root], attempt, { says: "is in a git work tree that does not ignore it" });
      await $({ cwd: root, quiet: true })`git add ${from}/seeds.txt`;
      refuses([root], attempt, { says: "secrets must never be in a repository" });
    });

    test.each([
      ["not JSON", () => "{", "seal.lock.json:\n  is not JSON\n  restore it from git"],
      ["merge conflicts", () => "<<<<<<< HEAD\n", "has merge conflicts: take one side and seal again"],
      [
        "another scope",
        (text: string) => text.replace('"strict"', '"cluster-wide"'),
        'scope: "cluster-wide" must be "strict"',
      ],
      ["no digest", (text: string) => text.replace(/\$scrypt[^"]+/, ""), "must be a PHC string of scrypt"],
    ])("a lock: %s", (_fault, change, says) => {
      const root = copyOf(setup.sealed);
      edit(join(root, "overlays/local/keystores/seal.lock.json"), change);
      for (const [script, ...args] of [["gen"], ["seal", "--check"], ["seal", "local"], ["validate"]]) {
        const { stderr } = refuses([root], () => run(root, script ?? "", ...args), { says });
        expect(stderr).toContain("error: overlays/local/keystores/seal.lock.json:");
      }
    });
  });
});
