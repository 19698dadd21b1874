import { gzipSync } from "node:zlib";
import { tar, zip } from "./archives.ts";
import {
  alphanumeric,
  base64,
  bcrypt,
  encoded,
  hex,
  jwk,
  keyringItem,
  kubectlSecret,
  mnemonic,
  mnemonicWith,
  nodeKey,
  of,
  password,
  pem,
  rsaDer,
  rsaPem,
  upper,
  urlSafe,
  validatorKey,
} from "./made.ts";

/** A file with one secret: in which form, what is found, and in which line. */
export type SecretFile = [form: string, path: string, content: string | Buffer, what: RegExp, line: number];

const json = (value: unknown) => JSON.stringify(value, null, 2);
const indented = (text: string, by: string) => text.replaceAll("\n", `\n${by}`);
const lined = (words: string, line: (word: string, i: number, all: string[]) => string) =>
  words.split(" ").map(line).join("");
const wrapped = (text: string) => (text.match(/.{1,76}/g) ?? []).join("\n");

/** Two columns, the second of which goes on where the first one ends. */
const columns = (words: string) =>
  lined(words, (_, i, all) =>
    i % 2 === 0 ? `${i / 2 + 1}. ${all[i / 2]}   ` : `${(i - 1) / 2 + 13}. ${all[(i - 1) / 2 + 12]}\n`,
  );

/** Keys that the chain's own programs make. */
const keys: SecretFile[] = [
  ["priv_validator_key.json by another name", "backup.txt", json(validatorKey()), /^a node's private key$/, 7],
  ["node_key.json in one line", "x.json", JSON.stringify(nodeKey()), /^a node's private key$/, 1],
  ["a node key in a string", "x.ts", `const key = ${JSON.stringify(JSON.stringify(nodeKey()))};\n`, /^a node's/, 1],
  [
    "a node key in YAML",
    "x.yaml",
    `a: 1\npriv_key:\n  type: tendermint/PrivKeyEd25519\n  value: ${base64(64)}\n`,
    /^a node's/,
    2,
  ],
  [
    "a node key with its value first",
    "x.yaml",
    `value: ${base64(64)}\ntype: tendermint/${"PrivKey"}Ed25519\n`,
    /^a node's/,
    1,
  ],
  ["a node key in Helm values", "values.yaml", `nodeKey: ${encoded(JSON.stringify(nodeKey()))}\n`, /^a node's/, 1],
  ["base64 in base64", "x.yaml", `a: ${encoded(encoded(JSON.stringify(nodeKey())))}\n`, /^a node's/, 1],
  ["a key of secp256k1 in TOML", "x.toml", `[a]\nprivkey.value = "${base64(32)}"\n`, /^a node's/, 2],
  ["a keyring's item", "operator.info", keyringItem(), /^a keyring entry$/, 1],
  ["a keyring's item in a ConfigMap", "x.yaml", `data:\n  operator.info: ${encoded(keyringItem())}\n`, /^a keyring/, 2],
  ["armour", "armor.txt", `-----BEGIN ${"TENDERMINT"} PRIVATE KEY-----\n${base64(96)}\n`, /^a private key$/, 1],
  ["a keyhash", "x.txt", `a\n${bcrypt()}\n`, /^a password hash$/, 2],
  ["a keyhash in a Compose file", "x.yaml", `a: ${bcrypt().replaceAll("$", "$$$$")}\n`, /^a password hash$/, 1],
  ["a keyhash in base64", "x.yaml", `binaryData:\n  keyhash: ${encoded(bcrypt())}\n`, /^a password hash$/, 2],
  ["a key of tmkms", "secret_connection.key", `${base64(32)}\n`, /^nothing but a key/, 1],
  ["an unarmored key", "operator.hex", `${hex(32)}\n`, /^nothing but a key/, 1],
  ["a keyring's password by its name", "home/keyring_password.txt", "text\n", /^a keyring's password$/, 1],
];

const mnemonics: SecretFile[] = [
  ["24 words in a line", "notes.md", `The words:\n\n    ${mnemonic(24)}\n`, /^a mnemonic of 24 words$/, 3],
  ["12 words in code", "x.ts", `const words = "${mnemonic(12)}";\n`, /^a mnemonic of 12 words$/, 1],
  ["a numbered list", "x.md", lined(mnemonic(12), (word, i) => `${i + 1}. ${word}\n`), /^a mnemonic of 12 words$/, 1],
  ["one a line", "x.txt", `# operator\n${lined(mnemonic(18), (word) => `${word}\n`)}`, /^a mnemonic of 18 words$/, 2],
  [
    "a table of columns",
    "x.md",
    lined(mnemonic(24), (word, i) => `| ${i + 1} | ${word} ${i % 4 === 3 ? "|\n" : ""}`),
    /^a mnemonic of 24 words$/,
    1,
  ],
  ["a table of rows", "x.csv", lined(mnemonic(21), (word, i) => `"${i + 1}","${word}"\r\n`), /^a mnemonic of 21/, 1],
  ["a JSON array in capitals", "x.json", json(mnemonic(15).toUpperCase().split(" ")), /^a mnemonic of 15 words$/, 2],
  ["a YAML list", "x.yaml", `a:\n${lined(mnemonic(12), (word) => `  - ${word}\n`)}`, /^a mnemonic of 12 words$/, 2],
  ["line breaks in a string", "x.go", `a := "${mnemonic(12).replaceAll(" ", "\\n")}"\n`, /^a mnemonic of 12 words$/, 1],
  ["words in base64", "values.yaml", `a: 1\nwords: ${encoded(mnemonic(24))}\n`, /^a mnemonic of 24 words$/, 2],
  ["words in wrapped base64", "x.txt", `a\n${wrapped(encoded(mnemonic(24)))}\n`, /^a mnemonic of 24 words$/, 2],
  ["columns of numbers", "x.md", columns(mnemonic(24)), /^a mnemonic of 24 words$/, 1],
  ["labels", "x.md", lined(mnemonic(12), (word, i) => `Word ${i + 1}: ${word}\n`), /^a mnemonic of 12 words$/, 1],
  ["numbers without a space", "x.md", lined(mnemonic(12), (word, i) => `${i + 1}${word} `), /^a mnemonic of 12/, 1],
  ["words with false among them", "x.txt", mnemonicWith("false"), /^a mnemonic of 12 words$/, 1],
  ["words with commas in prose", "x.md", `It is ${mnemonic(12).replaceAll(" ", ", ")}.\n`, /^a mnemonic of 12/, 1],
];

const privateKeys: SecretFile[] = [
  ["PEM", "notes.md", `text\n${pem}`, /^a private key$/, 2],
  ["PEM in YAML", "a.yaml", `data:\n  key: |\n    ${indented(pem, "    ")}`, /^a private key$/, 3],
  ["PEM without its first line", "x.txt", `a\n${(rsaDer.match(/.{1,64}/g) ?? []).join("\n")}\n`, /^a private key$/, 2],
  ["DER", "x.der", Buffer.from(rsaDer, "base64"), /^a private key$/, 1],
  ["PGP", "x.asc", `-----BEGIN PGP ${"PRIVATE"} KEY BLOCK-----\n\n${base64(90)}\n`, /^a private key$/, 1],
  ["OpenSSH", "x", `-----BEGIN OPENSSH ${"PRIVATE"} KEY-----\n${base64(90)}\n`, /^a private key$/, 1],
  ["PuTTY", "x.ppk", `PuTTY-User-Key-File-${3}: ssh-ed25519\n`, /^a private key$/, 1],
  [
    "a service account of Google Cloud",
    "x.json",
    json({ type: "service_account", private_key: rsaPem }),
    /^a private/,
    3,
  ],
  ["a JWK", "x.json", JSON.stringify(jwk()), /^a private key$/, 1],
  ["WireGuard", "wg0.conf", `[Interface]\nPrivateKey = ${base64(32)}\n`, /^a private key$/, 2],
  ["an extended key", "x.txt", `key x${"prv"}${of(alphanumeric.replaceAll(/[0OIl]/g, ""), 108)}\n`, /^an extended/, 1],
  ["a keystore of geth", "x.json", json({ crypto: { ciphertext: hex(32), kdf: "scrypt" } }), /^an encrypted/, 4],
  ["a PKCS #12 file by its name", "tls.p12", Buffer.from(hex(30), "hex"), /^a store of private keys$/, 1],
  ["age", "x.txt", `AGE-SECRET-KEY-1${of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)}\n`, /age-secret-key/, 1],
  ["X_PRIVATE_KEY=", ".env", `A=1\nX_PRIVATE_KEY=0x${hex(32)}\n`, /^a private key in hex$/, 2],
  ["export of a key in hex", "deploy.sh", `export PRIVATE_KEY=0x${hex(32)}\n`, /^a private key in hex$/, 1],
  ["hex without 0x in YAML", "x.yaml", `privateKey: "${hex(32)}"\n`, /^a private key in hex$/, 1],
  ["hex in an argument", "x.md", `    cast send --private-key ${hex(32)} x\n`, /^a private key in hex$/, 1],
  ["Hardhat's accounts", "x.ts", `accounts: [\n  "0x${hex(32)}",\n]`, /^a private key in hex$/, 1],
  ["a deployer's key", "x.toml", `deployer_key = "${hex(32)}"\n`, /^a private key in hex$/, 1],
];

const kubernetes: SecretFile[] = [
  [
    "the backup of the sealing keys",
    "controller-keys.yaml",
    `apiVersion: v1\nitems:\n- ${indented(kubectlSecret({ "tls.crt": "x", "tls.key": rsaPem }), "  ")}\nkind: List\n`,
    /^a private key|^a Secret in plain text$/,
    4,
  ],
  [
    "the same in JSON",
    "backup.json",
    json({ items: [{ data: { "tls.key": encoded(rsaPem) }, kind: "Secret" }] }),
    /^a private key/,
    5,
  ],
  [
    "a Secret",
    "x.yaml",
    `kind: Secret\nmetadata:\n  name: a\ndata:\n  b: ${encoded("c")}\n`,
    /^a Secret in plain text$/,
    1,
  ],
  [
    "stringData",
    "x.yaml",
    "a: 1\n---\nkind: Secret\ntype: Opaque\nstringData:\n  'b': c\n",
    /^a Secret in plain text$/,
    3,
  ],
  ["data before kind", "x.yml", kubectlSecret({ a: "b" }), /^a Secret in plain text$/, 2],
  [
    "a Secret in a list",
    "x.yaml",
    "items:\n  - apiVersion: v1\n    kind: Secret\n    metadata:\n      name: a\n    stringData:\n      b: c\n",
    /^a Secret/,
    3,
  ],
  ["a Secret in JSON", "x.json", JSON.stringify({ kind: "Secret", data: { a: encoded("b") } }), /^a Secret/, 1],
  ["a Secret in one line", "x.yaml", `{apiVersion: v1, kind: Secret, stringData: {a: ${hex(1)}}}\n`, /^a Secret/, 1],
  ["a Secret with a block", "x.yaml", "kind: Secret\nstringData:\n  a: |\n    b\n", /^a Secret/, 1],
  ["a Secret in a runbook", "x.md", "Apply:\n\n```yaml\nkind: Secret\nstringData:\n  a: b\n```\n", /^a Secret/, 4],
  ["a kubeconfig", "config", `users:\n- user:\n    client-key-data: ${encoded(pem)}\n`, /^a private key|kubeconfig/, 3],
  [
    "a kubeconfig's token",
    "config",
    `token: ${["ey", "ey"]
      .map(
        (start) =>
          start +
          Buffer.from(`{"a":"${hex(20)}"}`)
            .toString("base64url")
            .slice(2),
      )
      .join(".")}.${urlSafe(40)}\n`,
    /^a secret \(jwt\)$/,
    1,
  ],
];

const passwords: SecretFile[] = [
  ["YAML", "values.yaml", `a: 1\nkeyringPassword: ${hex(32)}\n`, /^a password$/, 2],
  ["a variable in quotes", ".env", `KEYRING_PASSWORD="${hex(8)}"\n`, /^a password/, 1],
  ["export", "x.sh", `#!/bin/sh\nexport KEYRING_PASSWORD=${password()}\n`, /^a password/, 2],
  ["a variable before a command", "x.md", `Run \`KEYRING_PASSWORD=${password()} mezod start\`.\n`, /^a password/, 1],
  ["TOML", "x.toml", `password = "${hex(8)}"\n`, /^a password$/, 1],
  ["words in quotes", "x.yaml", `passphrase: 'correct ${hex(2)} battery staple'\n`, /^a password$/, 1],
  ["code", "x.ts", `const options = { password: "${password()}" };\n`, /^a password$/, 1],
  ["env of a container", "x.yaml", `env:\n  - name: DB_PASSWORD\n    value: ${password()}\n`, /^a password or key/, 2],
  ["value before name", "x.yaml", `env:\n  - value: "${password()}"\n    name: DB_PASSWORD\n`, /^a password or key/, 2],
  ["env in JSON", "x.json", json([{ name: "KEYRING_PASSPHRASE", value: password() }]), /^a password or key/, 3],
  ["a key in env", "x.yaml", `- name: X_PRIVATE_KEY\n  value: "0x${hex(32)}"\n`, /^a password or key/, 1],
  ["Compose", "compose.yaml", `environment:\n  - KEYRING_PASSWORD=${password()}\n`, /^a password/, 2],
  ["a Dockerfile", "Dockerfile", `FROM x\nENV KEYRING_PASSWORD ${password()}\n`, /^a password/, 2],
  ["an argument", "x.sh", `mezod start --keyring-password=${password()}\n`, /^a password/, 1],
  ["an argument after a space", "x.sh", `mezod start --password '${password()}' --home x\n`, /^a password/, 1],
  ["Helm", "x.sh", `helm install a b --set keyring.password=${password()}\n`, /^a password/, 1],
  ["kubectl", "x.sh", `kubectl create secret generic a --from-literal=b=${password()}\n`, /^a password/, 1],
  ["openssl", "x.sh", `openssl rsa -in a -passin pass:${password()}\n`, /^a password/, 1],
  ["a pipe to mezod", "x.sh", `echo ${password()} | mezod keys list\n`, /^a password/, 1],
  ["fish", "x.fish", `set -gx KEYRING_PASSWORD ${password()}\n`, /^a password/, 1],
  ["PowerShell", "x.ps1", `$env:KEYRING_PASSWORD = "${password()}"\n`, /^a password/, 1],
  ["JSON", "x.json", json({ password: password() }), /^a password$/, 2],
  ["Kustomize", "x.yaml", `secretGenerator:\n- literals:\n  - password=${password()}\n`, /^a password$/, 3],
  ["DB_PASS=", ".env", `DB_PASS=${password()}\n`, /^a password/, 1],
  ["a header", "x.yaml", `Authorization: Bearer ${urlSafe(24)}\n`, /^a token in a header$/, 1],
  ["JDBC", "x.yaml", `url: jdbc:postgresql://db/a?user=b&password=${password()}\n`, /^a URL with a key$/, 1],
  ["npmrc", ".npmrc", `//registry.example.org/:_password=${base64(12)}\n`, /^a password$/, 1],
  ["API keys", "x.yaml", `a: 1\napi_key: ${of(alphanumeric, 31)}7\n`, /generic-api-key/, 2],
  ["netrc", ".netrc", `machine example.org login operator password ${password()}\n`, /^a password$/, 1],
  ["a URL", "x.yaml", `url: https://operator:${hex(12)}@registry.example.org/\n`, /^a URL with a password$/, 1],
  ["a registry", "config.json", json({ auths: { x: { auth: encoded(`a:${hex(8)}`) } } }), /^a registry's password$/, 4],
];

/** URLs of Ethereum nodes, as their providers hand them out. */
const urls: SecretFile[] = (
  [
    ["Alchemy", () => `https://eth-mainnet.g.alchemy.com/v2/${urlSafe(24)}`],
    ["Alchemy, WebSocket", () => `wss://eth-sepolia.g.alchemy.com/v2/${urlSafe(24)}`],
    ["Infura", () => `https://mainnet.infura.io/v3/${hex(16)}`],
    ["Infura, WebSocket", () => `wss://sepolia.infura.io/ws/v3/${hex(16)}`],
    ["QuickNode", () => `https://quiet-misty-${hex(2)}.quiknode.pro/${hex(20)}/`],
    ["Ankr", () => `https://rpc.ankr.com/eth_sepolia/${hex(32)}`],
    ["Chainstack", () => `https://ethereum-sepolia.core.chainstack.com/${hex(16)}`],
    ["Chainstack's nodes", () => `wss://ws-nd-123-456-789.p2pify.com/${hex(16)}`],
    ["Blast", () => `https://eth-mainnet.blastapi.io/${uuid()}`],
    ["dRPC", () => `https://lb.drpc.org/ogrpc?network=sepolia&dkey=${urlSafe(33)}`],
    ["dRPC's other form", () => `wss://lb.drpc.live/sepolia/${urlSafe(33)}`],
    ["GetBlock", () => `https://go.getblock.io/${hex(16)}`],
    ["Tenderly", () => `https://mainnet.gateway.tenderly.co/${of(alphanumeric, 22)}`],
    ["NodeReal", () => `https://eth-mainnet.nodereal.io/v1/${hex(16)}`],
    ["BlockPI", () => `https://ethereum.blockpi.network/v1/rpc/${hex(20)}`],
    ["Rivet", () => `https://${hex(16)}.eth.rpc.rivet.cloud/`],
    ["OnFinality", () => `wss://eth.api.onfinality.io/ws?apikey=${uuid()}`],
    ["a node of one's own", () => `wss://mainnet.example.org/ws/v3/${hex(16)}`],
    ["a gateway of one's own", () => `https://ethereum.example.org:8545/${urlSafe(24)}`],
    ["a key in the query", () => `https://example.org/path?x=1&api_key=${hex(12)}`],
    ["a webhook", () => `https://discord.com/api/webhooks/${hex(9)}/${urlSafe(51)}`],
  ] satisfies [string, () => string][]
).map(([provider, url]) => [`URL: ${provider}`, "x.yaml", `a: 1\nurl: ${url()}\n`, /^an? (Ethereum )?URL with/, 2]);

function uuid(): string {
  return [4, 2, 2, 2, 6].map(hex).join("-");
}

const clouds: SecretFile[] = [
  ["GitHub", "x.md", `token ghp_${of(alphanumeric, 36)}\n`, /^a secret \(github-pat\)$/, 1],
  ["AWS", "x.md", `AKIA${of(`${upper}234567`, 16)}\n`, /^a secret \(aws-access-token\)$/, 1],
  [
    "Slack",
    "x.yaml",
    `url: https://hooks.slack.com/services/T${of(upper, 10)}/B${of(upper, 10)}/${of(alphanumeric, 24)}\n`,
    /slack|URL/,
    1,
  ],
];

/** The same secret in files that hide it. */
const hidden: SecretFile[] = (
  [
    ["UTF-16, little end first", "x.txt", Buffer.from(`\ufeff${pem}`, "utf16le")],
    ["UTF-16, big end first", "x.txt", Buffer.from(`\ufeff${pem}`, "utf16le").swap16()],
    ["UTF-16 without a mark", "x.txt", Buffer.from(pem, "utf16le")],
    ["tar", "x.tar", tar({ "home/a.txt": pem })],
    ["zip", "x.zip", zip({ "home/a.txt": pem })],
    ["tar.gz", "x.tgz", gzipSync(tar({ "home/a.txt": pem }))],
    ["gzip", "x.gz", gzipSync(pem)],
    ["zip in tar", "x.tar", tar({ "x.zip": zip({ a: pem }) })],
    ["an archive by another name", "picture.png", gzipSync(tar({ a: pem }))],
    ["a picture by its name", "picture.png", pem],
    ["a PDF by its first bytes", "x.pdf", `%PDF-1.7 ${pem}`],
    ["a lock file by its name", "pnpm-lock.yaml", pem],
    ["a binary", "x.bin", Buffer.from(`\0\x01\xff\0${pem}\0\0\xff`, "latin1")],
    ["a comment that tells gitleaks to look away", "x.txt", pem.replace("\n", " gitleaks:allow\n")],
    ["a file that tells gitleaks to look away", ".gitleaksignore", pem],
    ["Windows line breaks", "x.txt", pem.replaceAll("\n", "\r\n")],
  ] satisfies [string, string, string | Buffer][]
).map(([form, path, content]) => [`hidden: ${form}`, path, content, /^a private key/, form === "a binary" ? 3 : 1]);

const long = "a line of a long file, which is read in pieces\n".repeat(1700);
const large: SecretFile[] = [
  ["the end of a piece of a long file", "x.txt", `${long}${mnemonic(24)}\n${long}`, /^a mnemonic of 24 words$/, 1701],
  ["a long line", "x.json", `{"a":"${"b ".repeat(200_000)}","c":"${mnemonic(12)}"}`, /^a mnemonic of 12 words$/, 1],
];

/** One secret a file, in every form in which one has been seen to get into a repository. */
export const secretFiles: SecretFile[] = [
  ...keys,
  ...mnemonics,
  ...privateKeys,
  ...kubernetes,
  ...passwords,
  ...urls,
  ...clouds,
  ...hidden,
  ...large,
];

/** What cannot be known for a secret, and why not. */
export const unknowable: [form: string, content: string, why: string][] = [
  ["a key in hex among other text", `The value is ${hex(32)}.\n`, "a hash looks the same"],
  [
    "an encrypted archive in base64",
    `${wrapped(base64(300))}\n`,
    "so does what is sealed, which is there to be committed",
  ],
];
