import { wordlist } from "@scure/bip39/wordlists/english.js";
import { base64, encoded, hex, of, publicPem, upper, wrongMnemonic } from "./made.ts";

/** Text that looks like a secret, and is none. */
export const harmless: [form: string, path: string, text: string][] = [
  [
    "prose",
    "x.md",
    "the network will keep any other account open until one of them can not follow the rest of it again\n",
  ],
  ["a mnemonic with a word changed", "x.yaml", wrongMnemonic()],
  ["the list of words", "x.txt", wordlist.join("\n")],
  ["a public key", "x.yaml", publicPem],
  ["a certificate", "certificate.pem", `-----BEGIN CERTIFICATE-----\n${base64(400)}\n-----END CERTIFICATE-----\n`],
  ["an SSH key's public half", "allowed_signers", `a@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${base64(32)}\n`],
  ["a node id and a hash", "x.yaml", `nodeId: ${hex(20)}\nsha256: ${hex(32)}\n`],
  [
    "peers",
    "config.toml",
    `persistent_peers = "${hex(20)}@mezo-node-0.test.mezo.org:26656,${hex(20)}@10.0.0.1:26656"\n`,
  ],
  [
    "a validator's public facts",
    "validators.json",
    JSON.stringify(
      [{ index: 0, nodeId: hex(20), accountAddress: `0x${hex(20)}`, consensusPubKey: base64(32) }],
      null,
      2,
    ),
  ],
  [
    "a genesis",
    "genesis.json",
    JSON.stringify({ pub_key: { "@type": "/cosmos.crypto.ed25519.PubKey", key: base64(32) }, value: base64(32) }),
  ],
  ["a public key's value", "x.json", JSON.stringify({ type: "tendermint/PubKeyEd25519", value: base64(32) }, null, 2)],
  [
    "the digests of a lock",
    "lock.json",
    JSON.stringify({ digest: `sha256:${hex(32)}`, fingerprint: hex(32) }, null, 2),
  ],
  ["ciphertext", "x.yaml", `encryptedData:\n  node_key.json: ${base64(700)}\n`],
  [
    "a SealedSecret",
    "x.yaml",
    `kind: SealedSecret\nmetadata:\n  name: mezo-node-0-keystore\nspec:\n  encryptedData:\n    tls.key: ${base64(700)}\n    keyring_password.txt: ${base64(500)}\n  template:\n    metadata:\n      name: a\n    type: Opaque\n`,
  ],
  [
    "a reference to a password",
    "x.yaml",
    "password: $PASSWORD\npasswordFile: /run/secrets/password\npassword:\n  from: x\n",
  ],
  [
    "references in a shell",
    "x.sh",
    'export KEYRING_PASSWORD="$PASSWORD"\nPASSWORD=$(cat /run/secrets/password)\nSECRET=<secret>\nread -r PASSWORD\n',
  ],
  ["a question for a password", "x.yaml", 'echo -n "password: "; read -r password\n'],
  ["a type", "x.ts", "interface Options { password: string; apiKey?: string }\n"],
  [
    "code of a container's environment",
    "x.ts",
    'env: [{ name: "DB_PASSWORD", value: settings.password }, { name: "X_TOKEN", value: token() }]\n',
  ],
  [
    "code that handles a password",
    "x.ts",
    "const keyringPassword = input.password;\nlogin({ password: settings.password });\n",
  ],
  [
    "messages about a password",
    "x.ts",
    'throw new Error("password: the keyring does not open");\nconst password = "";\n',
  ],
  [
    "a Secret that is referred to",
    "x.yaml",
    "kind: StatefulSet\nspec:\n  volumes:\n    - secret:\n        secretName: mezo-node-10-keystore-7f9c2d\n  env:\n    - name: KEYRING_PASSWORD\n      valueFrom:\n        secretKeyRef:\n          name: mezo-node-0-keystore\n          key: keyring_password.txt\n",
  ],
  ["a Secret without data", "x.yaml", "kind: Secret\nmetadata:\n  name: a\n---\nkind: ConfigMap\ndata:\n  a: b\n"],
  [
    "a ConfigMap beside a Secret's name",
    "x.yaml",
    "kind: ConfigMap\ndata:\n  a: b\n---\nroleRef:\n  kind: Secret\n  name: a\n",
  ],
  [
    "a Secret's template",
    "x.yaml",
    'kind: Secret\nstringData:\n  password: "{{ .Values.password }}"\n  url: <url>\n  a: ""\n',
  ],
  [
    "a white list",
    "x.yaml",
    'namespaceResourceWhitelist:\n  - group: ""\n    kind: Secret\n  - group: ""\n    kind: Service\n',
  ],
  [
    "a Secret in code",
    "x.ts",
    'const secret = { apiVersion: "v1", kind: "Secret", metadata, stringData: { a: "b" } };\n',
  ],
  [
    "go.sum",
    "go.sum",
    `github.com/a/keyring v1.2.2 h1:${base64(32)}\ncloud.google.com/go/auth v0.14.1/go.mod h1:${base64(32)}\n`,
  ],
  [
    "a lock of packages",
    "pnpm-lock.yaml",
    `  '@a/access-token@1.0.0':\n    resolution: {integrity: sha512-${base64(64)}}\n`,
  ],
  ["an image by its digest", "x.yaml", `image: us-docker.pkg.dev/a/mezod:v0.2.0@sha256:${hex(32)}\n`],
  ["a transaction", "x.md", `It is in transaction 0x${hex(32)} of block 0x${hex(32)}.\n`],
  ["a commit's address", "x.md", `https://github.com/mezo-org/mezod/commit/${hex(20)}\n`],
  [
    "a page's address",
    "x.md",
    "https://docs.alchemy.com/reference/eth-get-block-by-hash and https://ethereum.org/en/developers/docs\n",
  ],
  [
    "Ethereum URLs without a key",
    "x.yaml",
    "a: https://ethereum-sepolia-rpc.publicnode.com\nb: wss://eth.drpc.org\nc: https://rpc.ankr.com/eth_sepolia\nd: http://geth:8545\ne: ws://geth.ethereum.svc.cluster.local:8546/ws\n",
  ],
  [
    "Ethereum URLs with a place for the key",
    "x.md",
    "`wss://eth-mainnet.g.alchemy.com/v2/<your key>`, `https://mainnet.infura.io/v3/$KEY`, `https://mainnet.infura.io/v3/YOUR_API_KEY`\n",
  ],
  ["a URL with a word for the password", "x.md", "https://user:password@example.org\n"],
  [
    "an option of a command",
    "x.md",
    "`seal --password FILE`, `--token <token>`, `--keyring-password=$PASSWORD`, and --secret of a name\n",
  ],
  ["ids in base64", "x.yaml", `id: ${encoded("a name that is long enough to be decoded")}\n`],
  ["capitals", "x.md", `${of(upper, 64)}\n`],
  ["a picture", "x.svg", `<svg><image href="data:image/png;base64,${base64(600)}"/></svg>\n`],
];
