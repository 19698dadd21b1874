import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateMnemonic, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { everyFile } from "scripts/lib/files.ts";
import { trackedFiles } from "scripts/lib/git.ts";
import { secretsIn, secretsOf } from "scripts/validate/secrets.ts";
import { expect, test } from "vitest";
import { temporary } from "../../support/artifacts.ts";
import { checkout, run } from "../../support/checkout.ts";

// Every secret is made here and now.
const base64 = (bytes: number) => randomBytes(bytes).toString("base64");
const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const mnemonic = (bits: number) => generateMnemonic(wordlist, bits);
const urlSafe = (bytes: number) => randomBytes(bytes).toString("base64url");

test.each<[what: string, path: string, text: string, line: number]>([
  ["a private key", "notes.md", `text\n${pem}`, 2],
  ["a private key", "a.yaml", `data:\n  key: |\n    ${pem.replaceAll("\n", "\n    ")}`, 3],
  ["a private key", "armor.txt", `-----BEGIN ${"TENDERMINT"} PRIVATE KEY-----\n${base64(96)}\n`, 1],
  ["a node's private key", "x.json", JSON.stringify({ priv_key: { type: "t", value: base64(64) } }), 1],
  [
    "a keyring's entry",
    "x.txt",
    `${Buffer.from('{"alg":"PBES2-HS256+A128KW"}').toString("base64url")}.${urlSafe(40)}.${urlSafe(12)}.${urlSafe(30)}.${urlSafe(16)}`,
    1,
  ],
  ["a password's hash", "x.txt", `a\n$2a$10$${base64(60).replaceAll(/[+=]/g, "a").slice(0, 53)}\n`, 2],
  ["a private key in hex", "deploy.sh", `export PRIVATE_KEY=0x${hex(32)}\n`, 1],
  ["a password", "values.yaml", `a: 1\nkeyringPassword: ${hex(32)}\n`, 2],
  ["a password", ".env", `KEYRING_PASSWORD="${hex(8)}"\n`, 1],
  ["a password", "x.toml", `password = "${hex(8)}"\n`, 1],
  ["an Ethereum node's URL with its key", "x.yaml", `url: wss://mainnet.example.org/ws/v3/${hex(16)}\n`, 1],
  ["a mnemonic of 24 words", "notes.md", `The words:\n\n    ${mnemonic(256)}\n`, 3],
  ["a mnemonic of 12 words", "x.ts", `const words = "${mnemonic(128)}";\n`, 1],
  [
    "a mnemonic of 12 words",
    "list.md",
    mnemonic(128)
      .split(" ")
      .map((word, i) => `${i + 1}. ${word}\n`)
      .join(""),
    1,
  ],
  ["a mnemonic of 15 words", "x.json", JSON.stringify(mnemonic(160).toUpperCase().split(" ")), 1],
])("%s in %s", async (what, path, text, line) => {
  expect(await secretsOf([{ path, text }])).toEqual([{ path, line, what }]);
});

test("keys of clouds, which secretlint knows", async () => {
  const text = `a: 1\nurl: https://operator:${hex(12)}@registry.example.org/\n`;
  const harmless = { path: "a.yaml", text: "a: 1\nb: 2" };
  const found = (path: string, line: number) => ({ path, line, what: "a secret (basicauth)" });
  expect(
    await secretsOf([
      harmless,
      { path: "x.yaml", text },
      harmless,
      // Looks away from itself alone.
      { path: "y.yaml", text: `# ${"secretlint-disable"}\n${text}` },
      { path: "z.yaml", text },
      { path: "z.json", text: JSON.stringify({ text }) },
    ]),
  ).toEqual([found("x.yaml", 2), found("z.yaml", 2), found("z.json", 1)]);
});

test.each([
  ["prose", "the network will keep any other account open until one of them can not follow the rest of it again"],
  ["a mnemonic with a word changed", wrong(mnemonic(128))],
  ["a public key", generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString()],
  ["a node id and a hash", `nodeId: ${hex(20)}\nsha256: ${hex(32)}\n`],
  ["a reference to a password", "password: $PASSWORD\npasswordFile: /run/secrets/password\npassword:\n  from: x\n"],
  ["a question for a password", 'echo -n "password: "; read -r password\n'],
  ["a type", "interface Options { password: string }\n"],
  ["ciphertext", `encryptedData:\n  node_key.json: ${base64(700)}\n`],
])("%s is none", async (_what, text) => {
  expect(await secretsOf([{ path: "x.yaml", text }])).toEqual([]);
});

/** Another last word, with which the checksum fails. */
function wrong(words: string): string {
  const first = words.replace(/\w+$/, "");
  return `${first}${wordlist.find((word) => !validateMnemonic(`${first}${word}`, wordlist))}`;
}

test.each([
  "keys/node_key.json",
  "priv_validator_key.json",
  "home/keyring_password.txt",
  "mnemonic.txt",
  "home/keyring-file/keyhash",
])("%s is one by its name", async (path) => {
  const root = temporary("secrets");
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), "text\n");
  expect(await secretsIn(root, [path])).toEqual([
    { severity: "error", object: path, field: "line 1", message: expect.stringMatching(/^holds a/) },
  ]);
});

test("what git ignores is not looked at, what it would take is", async () => {
  const root = temporary("secrets");
  writeFileSync(join(root, ".gitignore"), ".public-testnet/\n");
  mkdirSync(join(root, ".public-testnet"));
  for (const path of [".public-testnet/mnemonic.txt", "new file.md"]) writeFileSync(join(root, path), pem);
  symlinkSync("nowhere", join(root, "link"));
  writeFileSync(join(root, "image.bin"), Buffer.from([0, ...Buffer.from(pem)]));
  execFileSync("git", ["init", "--quiet"], { cwd: root });
  const files = (await trackedFiles(root)) ?? [];
  expect(files.sort()).toEqual([".gitignore", "image.bin", "link", "new file.md"]);
  expect(await secretsIn(root, files)).toEqual([expect.objectContaining({ object: "new file.md", field: "line 1" })]);
  expect(everyFile(root)).toContain(".public-testnet/mnemonic.txt");
});

test("the command says file and line, and never the secret", () => {
  const root = checkout();
  const words = mnemonic(256);
  writeFileSync(join(root, "overlays/notes.md"), `\n${words}\n`);
  const { code, stdout, stderr } = run(root, "validate", "argocd");
  expect(stdout).toContain("error overlays/notes.md line 2: holds a mnemonic of 24 words");
  for (const word of words.split(" ").filter((each) => each.length > 6)) expect(stdout + stderr).not.toContain(word);
  expect(code).toBe(1);
});
