import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toolPath } from "tools/tool.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { $ } from "zx";
import { edit } from "../support/artifacts.ts";
import { run } from "../support/checkout.ts";
import { describeWithMezod } from "../support/describe-with-mezod.ts";
import { refuses } from "../support/refusal.ts";
import {
  brokenArtifacts,
  copyOf,
  ethereumAddress,
  type Ground,
  keystoreFiles,
  keystores,
  makeGround,
  makePair,
  nodes,
  open,
  sealAll,
} from "../support/seal-setup.ts";

describeWithMezod("sealing", () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await makeGround();
  });

  const overlay = (root: string, path: string) => parse(readFileSync(join(root, "overlays/local", path), "utf8"));
  const checksum = (root: string, path: string) =>
    overlay(root, path).spec.template.metadata?.annotations?.["checksum/keystore"];

  describe("sealed by the real kubeseal", () => {
    test("every file opens with the controller's key and is the artifacts' byte for byte", async () => {
      const files = keystores(ground.sealed);
      for (const node of nodes) {
        expect(await open(files[`${node}-keystore.yaml`] ?? "", ground.key)).toEqual(keystoreFiles(ground, node));
      }
      expect(await open(files["ethereum-sidecar-config.yaml"] ?? "", ground.key)).toEqual({
        "ethereum-node-address": Buffer.from(ethereumAddress).toString("base64"),
      });
    });

    test.each([
      ["under another name", (text: string) => text.replaceAll("mezo-node-0-keystore", "mezo-node-1-keystore"), "key"],
      ["in another namespace", (text: string) => text.replaceAll("mezo-local", "default"), "key"],
      ["with another key", (text: string) => text, "key2"],
    ] as const)("none opens %s", async (_how, change, key) => {
      const text = change(keystores(ground.sealed)["mezo-node-0-keystore.yaml"] ?? "");
      expect(await open(text, ground[key])).toContain("no key could decrypt secret");
    });

    test("strict scope survives kustomize: what Argo CD applies opens into what the pods mount", async () => {
      const { stdout } = await $({ quiet: true })`${await toolPath("kustomize")} build ${ground.sealed}/overlays/local`;
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
          ground.key,
        );
        expect(data).toEqual(keystoreFiles(ground, node));
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
      const { code, stdout } = run(ground.sealed, "validate", "local");
      expect(stdout).toContain("✓ sealed secrets       local 3, ");
      expect(stdout).not.toContain("✗");
      expect(code).toBe(0);
      expect(run(ground.sealed, "gen", "--check").code).toBe(0);
    });

    test("SealedSecrets are never pruned nor deleted with the Application", () => {
      for (const node of nodes) {
        const { metadata, spec } = overlay(ground.sealed, `keystores/${node}-keystore.yaml`);
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

  test("again with the same content and certificate: no file changes; without the address too", () => {
    const root = copyOf(ground.sealed);
    const before = keystores(root);
    const again = run(root, "seal", "local", "--from", ground.artifacts);
    expect(again.stdout).toContain("unchanged mezo-node-1-keystore, 5 keys\n");
    expect(again.stdout).toContain("seal: local: 0 files written, 0 removed\n");
    expect(sealAll(root, ground).stdout).toContain("seal: local: 0 files written, 0 removed\n");
    expect(
      run(root, "seal", "local", "ethereum-sidecar", "--ethereum-node-address", ground.address)
        .stdout.split("\n")
        .at(-2),
    ).toBe("seal: local: 0 files written, 0 removed");
    expect(keystores(root)).toEqual(before);
  });

  test("a pod rolls for another content, not for another sealing", () => {
    const root = copyOf(ground.sealed);
    const paths = [...nodes.map((node) => `${node}/statefulset.yaml`), "ethereum-sidecar/deployment.yaml"];
    const sums = paths.map((path) => checksum(root, path));
    expect(new Set(sums).size).toBe(3);
    for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{64}$/);

    const sealed = keystores(root)["mezo-node-0-keystore.yaml"];
    const all = ["--from", ground.artifacts, "--cert", ground.cert2, "--ethereum-node-address", ground.address];
    const rotated = run(root, "seal", "local", "--rotate", ...all);
    expect(rotated.stdout).toContain("mezo-node-0-keystore is on another one, ");
    expect(rotated.code).toBe(0);
    expect(keystores(root)["mezo-node-0-keystore.yaml"]).not.toBe(sealed);
    expect(paths.map((path) => checksum(root, path))).toEqual(sums);

    const other = join(root, "address");
    writeFileSync(other, "wss://other.example.org/");
    run(root, "seal", "local", "ethereum-sidecar", "--ethereum-node-address", other);
    const after = paths.map((path) => checksum(root, path));
    expect(after.slice(0, 2)).toEqual(sums.slice(0, 2));
    expect(after[2]).not.toBe(sums[2]);
  });

  test("rotation: another certificate is refused unless asked for, and then nothing is on the old one", async () => {
    const root = copyOf(ground.sealed);
    const before = keystores(root);
    const other = ["--from", ground.artifacts, "--cert", ground.cert2];
    const refused = run(root, "seal", "local", ...other);
    expect(refused.stderr).toMatch(/the network's certificate is [0-9a-f]{64}, and this is [0-9a-f]{64}: --rotate/);
    expect(refused.code).toBe(1);
    expect(keystores(root)).toEqual(before);

    run(root, "seal", "local", "--rotate", ...other, "--ethereum-node-address", ground.address);
    const after = keystores(root);
    for (const node of nodes) {
      expect(await open(after[`${node}-keystore.yaml`] ?? "", ground.key)).toContain("no key could decrypt");
      expect(await open(after[`${node}-keystore.yaml`] ?? "", ground.key2)).toEqual(keystoreFiles(ground, node));
    }
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  test("a validator more: it alone is sealed, from a folder with nothing but its home", async () => {
    const root = copyOf(ground.bare);
    edit(join(root, "generators/networks/local.ts"), (text) =>
      text.replace("  validators,\n", "  validators,\n  size: 1,\n"),
    );
    // The first validator alone, as if the second had not been there.
    const first = run(
      root,
      "seal",
      "local",
      "mezo-node-0",
      "--from",
      ground.artifacts,
      "--cert",
      ground.cert,
      "--ethereum-node-address",
      ground.address,
    );
    expect(first.code).toBe(0);
    expect(run(root, "seal", "--check", "local").code).toBe(0);
    const before = keystores(root);

    edit(join(root, "generators/networks/local.ts"), (text) => text.replace("  size: 1,\n", ""));
    run(root, "gen");
    const waiting = run(root, "validate", "local");
    expect(waiting.stdout).toContain("no SealedSecret mezo-node-1-keystore, though others are sealed");
    expect(waiting.stdout).toContain("overlays/local/keystores/mezo-node-1-keystore.yaml: is not sealed yet");
    const lone = brokenArtifacts(ground, (folder) => {
      for (const name of ["mezo-node-0", "genesis.json", "seeds.txt"]) rmSync(join(folder, name), { recursive: true });
    });
    const second = run(root, "seal", "local", "mezo-node-1", "--from", lone);
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" });
    const after = keystores(root);
    expect(after["mezo-node-0-keystore.yaml"]).toBe(before["mezo-node-0-keystore.yaml"]);
    expect(await open(after["mezo-node-1-keystore.yaml"] ?? "", ground.key)).toEqual(
      keystoreFiles(ground, "mezo-node-1"),
    );
    expect(run(root, "validate", "local").code).toBe(0);
  });

  test("a validator less: its keystore leaves the folder with the next sealing", () => {
    const root = copyOf(ground.sealed);
    edit(join(root, "generators/networks/local.ts"), (text) =>
      text.replace("  validators,\n", "  validators,\n  size: 1,\n"),
    );
    const checked = run(root, "seal", "--check");
    expect(checked.stdout).toContain("secrets.mezo-node-1-keystore: is no Secret of local: `pnpm seal` removes it");
    expect(checked.code).toBe(1);
    const fewer = brokenArtifacts(ground, (folder) => {
      rmSync(join(folder, "mezo-node-1"), { recursive: true });
      edit(join(folder, "seeds.txt"), (text) => `${text.split("\n")[0]}\n`);
      edit(join(folder, "genesis.json"), withoutSecond);
      edit(join(root, "generators/networks/local/genesis.json"), withoutSecond);
    });
    const { code, stdout, stderr } = run(root, "seal", "local", "--from", fewer);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("removed   mezo-node-1-keystore");
    expect(existsSync(join(root, "overlays/local/keystores/mezo-node-1-keystore.yaml"))).toBe(false);
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  /** A genesis whose second validator is gone. */
  function withoutSecond(text: string): string {
    const genesis = JSON.parse(text);
    const transactions = genesis.app_state.genutil.gen_txs;
    genesis.app_state.genutil.gen_txs = transactions.filter(
      (transaction: { body: { messages: { description: { moniker: string } }[] } }) =>
        transaction.body.messages[0]?.description.moniker !== "mezo-node-1",
    );
    return JSON.stringify(genesis);
  }

  test("recovery material only when asked for, with a warning", async () => {
    const root = copyOf(ground.bare);
    const { code, stderr } = run(
      root,
      "seal",
      "local",
      "--from",
      ground.artifacts,
      "--cert",
      ground.cert,
      "--ethereum-node-address",
      ground.address,
      "--with-recovery-material",
    );
    expect(code).toBe(0);
    expect(stderr).toContain("warning mnemonics and keyring passwords go to the cluster");
    const data = await open(keystores(root)["mezo-node-0-keystore.yaml"] ?? "", ground.key);
    const read = (name: string) => readFileSync(join(ground.artifacts, "mezo-node-0", name)).toString("base64");
    expect(data).toEqual({
      ...keystoreFiles(ground, "mezo-node-0"),
      "mnemonic.txt": read("mnemonic.txt"),
      "keyring_password.txt": read("keyring_password.txt"),
    });
    expect(run(root, "seal", "--check").code).toBe(0);
  });

  /** A way of being wrong: what changes in the artifacts, and what is said. */
  type Fault = [string, (folder: string) => void, RegExp];

  const swap = (folder: string, file: string) => {
    const [a, b] = nodes.map((node) => join(folder, node, file)) as [string, string];
    renameSync(a, `${a}.old`);
    renameSync(b, a);
    renameSync(`${a}.old`, b);
  };

  const keyring = (folder: string, ending: string) =>
    nodes.map((node) => {
      const name = Object.keys(keystoreFiles({ ...ground, artifacts: folder }, node)).find((key) =>
        key.endsWith(ending),
      );
      return join(folder, node, "keyring-file", name ?? "");
    }) as [string, string];

  describe("artifacts that are not what they claim: nothing is sealed, and each has its message", () => {
    const faults: Fault[] = [
      [
        "consensus keys swapped",
        (folder) => swap(folder, "config/priv_validator_key.json"),
        /mezo-node-0\/config\/priv_validator_key.json: is of consensus key \S+, that of mezo-node-1, and generators\/networks\/local describes mezo-node-0 with/,
      ],
      [
        "node keys swapped",
        (folder) => swap(folder, "config/node_key.json"),
        /mezo-node-1\/config\/node_key.json: is of node id [0-9a-f]{40}, that of mezo-node-0/,
      ],
      [
        "homes swapped whole",
        (folder) => swap(folder, "."),
        /mezo-node-0\/config\/node_key.json: is of node id [0-9a-f]{40}, that of mezo-node-1/,
      ],
      [
        "one consensus key under two names",
        (folder) =>
          writeFileSync(
            join(folder, "mezo-node-1/config/priv_validator_key.json"),
            readFileSync(join(folder, "mezo-node-0/config/priv_validator_key.json")),
          ),
        /mezo-node-1\/config\/priv_validator_key.json: has the consensus key of mezo-node-0/,
      ],
      [
        "an account's file of another name",
        (folder) => {
          const [file] = keyring(folder, ".address");
          renameSync(file, file.replace(/[0-9a-f]{40}/, "00".repeat(20)));
        },
        /mezo-node-0\/keyring-file: is of account 0{40}/,
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
        "a password of another keyring",
        (folder) => swap(folder, "keyring_password.txt"),
        /mezo-node-0\/keyring-file\/keyhash: is not that of mezo-node-0\/keyring_password.txt/,
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
        "a public half of another key",
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
        /mezo-node-0\/data\/priv_validator_state.json: is at height "7", .*: this key has signed/,
      ],
      [
        "a genesis that is not the network's",
        (folder) => edit(join(folder, "genesis.json"), (text) => `${text}\n`),
        /genesis.json: is not the network's, generators\/networks\/local\/genesis.json/,
      ],
      [
        "a chain of another id",
        (folder) =>
          edit(join(folder, "mezo-node-0/config/client.toml"), (text) => text.replace("mezo_31611-10", "mezo_31611-1")),
        /mezo-node-0\/config\/client.toml: chain-id is "mezo_31611-1"/,
      ],
    ];

    test.each(faults)("%s", (_fault, change, says) => {
      const artifacts = brokenArtifacts(ground, change);
      const attempt = () => sealAll(ground.bare, { ...ground, artifacts });
      const { stdout, stderr } = refuses([ground.bare, artifacts], attempt, { says });
      expect(stderr).toMatch(/^error: nothing is sealed\n/);
      expect(stdout).toBe("");
    });

    test("a key that another network has sealed", () => {
      const root = copyOf(ground.bare);
      const lock = JSON.parse(keystores(ground.sealed)["seal.lock.json"] ?? "");
      const { "mezo-node-0-keystore": entry } = lock.secrets;
      mkdirSync(join(root, "overlays/staging/keystores"));
      const secrets = { "mezo-node-4-keystore": entry };
      writeFileSync(join(root, "overlays/staging/keystores/seal.lock.json"), JSON.stringify({ ...lock, secrets }));
      const says =
        "mezo-node-0/config/priv_validator_key.json: has the consensus key that is sealed as mezo-node-4-keystore of staging: one key under two names signs twice";
      refuses([root], () => sealAll(root, ground), { says });
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
        "error: no validator mezo-node-9 in local; there are mezo-node-0",
      ],
      ["two certificates", ["local", "--cert", "a", "--controller", "b/c"], 2, "two ways to the certificate"],
      ["no controller", ["local", "--controller", "b"], 2, "--controller is <namespace>/<name>"],
      ["a context alone", ["local", "--context", "b"], 2, "--context is of use with --controller only"],
      ["half a rotation", ["local", "mezo-node-0", "--rotate"], 2, "--rotate seals everything"],
      ["recovery from artifacts", ["local", "--recover", "k", "--from", "x"], 2, "--recover does not go with --from"],
      ["a check that seals", ["--check", "--cert", "x"], 2, "--check does not go with --cert"],
      ["an unknown option", ["local", "--force"], 2, "Unknown option '--force'"],
      ["no artifacts", ["local"], 1, "error: .public-testnet is not there: name the artifacts' folder with --from"],
      ["nothing to recover", ["local", "--recover", "k.pem"], 1, "error: nothing of local is sealed"],
    ] as const)("%s", (_fault, args, code, says) => {
      refuses([ground.bare], () => run(ground.bare, "seal", ...args), { code, says });
    });

    test.each([
      ["not there", undefined, "other-address can't be read (ENOENT): name a file with --ethereum-node-address"],
      ["empty", "\n", "the Ethereum node's address is empty"],
      [
        "of another scheme",
        "https://mainnet.example.org/v3/key\n",
        "the Ethereum node's address must begin with ws:// or wss://",
      ],
      ["no URL", "mainnet\n", "the Ethereum node's address is not a URL"],
    ])("an Ethereum node's address: %s", (_fault, text, says) => {
      const address = join(ground.folder, "other-address");
      rmSync(address, { force: true });
      if (text) writeFileSync(address, text);
      const { stderr } = refuses([ground.bare], () => sealAll(ground.bare, { ...ground, address }), { says });
      expect(stderr).not.toContain("v3/key");
    });

    test.each([
      ["the artifacts' folder a file", () => ({ artifacts: ground.cert }), "is not a folder: name the artifacts' one"],
      [
        "the certificate's file not there",
        () => ({ cert: "/nonexistent.pem" }),
        "/nonexistent.pem can't be read (ENOENT): name a file with --cert",
      ],
      [
        "the certificate's file a folder",
        () => ({ cert: ground.folder }),
        "can't be read (EISDIR): name a file with --cert",
      ],
    ])("%s", (_fault, other, says) => {
      refuses([ground.bare], () => sealAll(ground.bare, { ...ground, ...other() }), { says });
    });

    test.each([
      ["none", undefined, "error: local has no certificate yet: --cert FILE, or --controller NAMESPACE/NAME"],
      [
        "expired",
        async () => (await makePair({ days: -1 })).certificate,
        /expired on \d{4}-\d\d-\d\d: nothing can be sealed/,
      ],
      ["not RSA", async () => (await makePair({ type: "ec" })).certificate, "is not RSA but ec"],
      ["too weak", async () => (await makePair({ bits: 1024 })).certificate, "is too weak: RSA of 1024 bits"],
      ["the private key", async () => readFileSync(ground.key, "utf8"), "holds a private key, which has no place here"],
      ["no PEM", async () => "certificate", "holds 0 PEM certificates; it must be one"],
      ["two", async () => readFileSync(ground.cert, "utf8").repeat(2), "holds 2 PEM certificates; it must be one"],
    ])("a certificate: %s", async (_fault, make, says) => {
      const file = join(ground.folder, "other.pem");
      if (make) writeFileSync(file, await make());
      const given = make ? ["--cert", file] : [];
      const all = ["--from", ground.artifacts, "--ethereum-node-address", ground.address];
      refuses([ground.bare], () => run(ground.bare, "seal", "local", ...all, ...given), { says });
    });

    test("a certificate that is about to expire seals, with a warning", async () => {
      const root = copyOf(ground.bare);
      const file = join(root, "cert.pem");
      writeFileSync(file, (await makePair({ days: 20 })).certificate);
      const { code, stderr } = sealAll(root, { ...ground, cert: file });
      expect(stderr).toMatch(
        /^warning certificate \S+ expires in 20 days, on \d{4}-\d\d-\d\d: rotate to a new one before\n$/,
      );
      expect(code).toBe(0);
      expect(run(root, "validate", "local").stdout).toMatch(
        /warning overlays\/local\/keystores\/certificate.pem notAfter/,
      );
    });

    test("artifacts that git tracks, or could", async () => {
      const root = copyOf(ground.bare);
      const from = join(root, ".public-testnet");
      cpSync(ground.artifacts, from, { recursive: true });
      await $({ cwd: root, quiet: true })`git init`;
      const attempt = () => sealAll(root, { ...ground, artifacts: from });
      refuses([root], attempt, { says: "lies in a git work tree that does not ignore it" });
      await $({ cwd: root, quiet: true })`git add ${from}/seeds.txt`;
      refuses([root], attempt, { says: "holds files that git tracks: secrets must never be there" });
    });

    test.each([
      ["not JSON", () => "{", "seal.lock.json:\n  is not JSON\n  take it back from git"],
      ["merge conflicts", () => "<<<<<<< HEAD\n", "has merge conflicts: take one side and seal again"],
      [
        "another scope",
        (text: string) => text.replace('"strict"', '"cluster-wide"'),
        'scope: "cluster-wide" must be "strict"',
      ],
      ["no digest", (text: string) => text.replace(/\$scrypt[^"]+/, ""), "must be a PHC string of scrypt"],
    ])("a lock: %s", (_fault, change, says) => {
      const root = copyOf(ground.sealed);
      edit(join(root, "overlays/local/keystores/seal.lock.json"), change);
      for (const [script, ...args] of [["gen"], ["seal", "--check"], ["seal", "local"], ["validate"]]) {
        const { stderr } = refuses([root], () => run(root, script ?? "", ...args), { says });
        expect(stderr).toContain("error: overlays/local/keystores/seal.lock.json:");
      }
    });
  });
});
