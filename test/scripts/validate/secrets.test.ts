import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { limit } from "scripts/secrets/content.ts";
import { scan } from "scripts/secrets/scan.ts";
import { allContents } from "scripts/secrets/sources.ts";
import { secretsIn } from "scripts/validate/secrets.ts";
import { expect, test, vi } from "vitest";
import { temporary } from "../../support/artifacts.ts";
import { checkout, run } from "../../support/checkout.ts";
import { zip } from "../../support/secrets/archives.ts";
import { base64, hex, mnemonic, pem, publicPem, shownOf, urlSafe, wrongMnemonic } from "../../support/secrets/made.ts";

/** Every secret in some files, by file, line and what it is. */
async function secretsOf(files: readonly { path: string; text: string }[]) {
  const { found } = await scan(files.map(({ path, text }) => ({ path, place: "", bytes: Buffer.from(text) })));
  return found.map(({ path, line, what }) => ({ path, line, what }));
}

test.each<[what: string, path: string, text: string, line: number]>([
  ["a private key", "notes.md", `text\n${pem}`, 2],
  ["a private key", "a.yaml", `data:\n  key: |\n    ${pem.replaceAll("\n", "\n    ")}`, 3],
  ["a private key", "armor.txt", `-----BEGIN ${"TENDERMINT"} PRIVATE KEY-----\n${base64(96)}\n`, 1],
  ["a node's private key", "x.json", JSON.stringify({ priv_key: { type: "t", value: base64(64) } }), 1],
  [
    "a keyring entry",
    "x.txt",
    `${Buffer.from('{"alg":"PBES2-HS256+A128KW"}').toString("base64url")}.${urlSafe(40)}.${urlSafe(12)}.${urlSafe(30)}.${urlSafe(16)}`,
    1,
  ],
  ["a password hash", "x.txt", `a\n$2a$10$${base64(60).replaceAll(/[+=]/g, "a").slice(0, 53)}\n`, 2],
  ["a private key in hex", "deploy.sh", `export PRIVATE_KEY=0x${hex(32)}\n`, 1],
  ["a password", "values.yaml", `a: 1\nkeyringPassword: ${hex(32)}\n`, 2],
  ["a password", ".env", `KEYRING_PASSWORD="${hex(8)}"\n`, 1],
  ["a password", "x.toml", `password = "${hex(8)}"\n`, 1],
  ["an Ethereum URL with its key", "x.yaml", `url: wss://mainnet.example.org/ws/v3/${hex(16)}\n`, 1],
  ["a mnemonic of 24 words", "notes.md", `The words:\n\n    ${mnemonic(24)}\n`, 3],
  ["a mnemonic of 12 words", "x.ts", `const words = "${mnemonic(12)}";\n`, 1],
  [
    "a mnemonic of 12 words",
    "list.md",
    mnemonic(12)
      .split(" ")
      .map((word, i) => `${i + 1}. ${word}\n`)
      .join(""),
    1,
  ],
  ["a mnemonic of 15 words", "x.json", JSON.stringify(mnemonic(15).toUpperCase().split(" ")), 1],
])("%s in %s", async (what, path, text, line) => {
  expect(await secretsOf([{ path, text }])).toEqual([{ path, line, what }]);
});

test("a file that tells gitleaks to look away is looked through, and so is each beside it", async () => {
  const text = `a: 1\nurl: https://operator:${hex(12)}@registry.example.org/\n`;
  const harmless = { path: "a.yaml", text: "a: 1\nb: 2" };
  const found = (path: string, line: number) => ({ path, line, what: "a URL with a password" });
  expect(
    await secretsOf([
      harmless,
      { path: "x.yaml", text },
      harmless,
      { path: "y.yaml", text: `${text.trim()} # gitleaks:allow\n` },
      { path: "z.yaml", text },
      { path: "z.json", text: JSON.stringify({ text }) },
    ]),
  ).toEqual([found("x.yaml", 2), found("y.yaml", 2), found("z.yaml", 2), found("z.json", 1)]);
});

test.each([
  ["prose", "the network will keep any other account open until one of them can not follow the rest of it again"],
  ["a mnemonic with a word changed", wrongMnemonic()],
  ["a public key", publicPem],
  ["a node id and a hash", `nodeId: ${hex(20)}\nsha256: ${hex(32)}\n`],
  ["a reference to a password", "password: $PASSWORD\npasswordFile: /run/secrets/password\npassword:\n  from: x\n"],
  ["a question for a password", 'echo -n "password: "; read -r password\n'],
  ["a type", "interface Options { password: string }\n"],
  ["ciphertext", `encryptedData:\n  node_key.json: ${base64(700)}\n`],
])("%s is none", async (_what, text) => {
  expect(await secretsOf([{ path: "x.yaml", text }])).toEqual([]);
});

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
  expect((await secretsIn(allContents(root))).findings).toEqual([
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
  const { findings, count } = await secretsIn(allContents(root));
  expect(count).toBe(4);
  expect(findings.map(({ object, field }) => [object, field])).toEqual([
    ["image.bin", "line 2"],
    ["new file.md", "line 1"],
  ]);
});

test("outside a repository every file is looked at", async () => {
  const root = temporary("secrets");
  mkdirSync(join(root, ".public-testnet"));
  writeFileSync(join(root, ".public-testnet/mnemonic.txt"), pem);
  const { findings } = await secretsIn(allContents(root));
  expect(findings).toEqual([expect.objectContaining({ object: ".public-testnet/mnemonic.txt", field: "line 1" })]);
});

test("what is not searched is a warning, with the reason", async () => {
  const root = temporary("secrets");
  writeFileSync(join(root, "backup.zip"), zip({ a: "text" }));
  writeFileSync(join(root, "large"), "");
  truncateSync(join(root, "large"), limit + 1);
  writeFileSync(join(root, "huge"), "");
  truncateSync(join(root, "huge"), 400_000_000);
  const warning = (object: string, message: string) => ({ severity: "warning", object, field: "", message });
  const { findings } = await secretsIn(allContents(root));
  expect(findings.toSorted((a, b) => a.object.localeCompare(b.object))).toEqual([
    warning(
      "backup.zip",
      "is an archive: what is encrypted, damaged or nested more than two archives deep in it was not searched for secrets",
    ),
    warning("huge", "is larger than 50 MB and was not searched for secrets"),
    warning("large", "is larger than 50 MB and was not searched for secrets"),
  ]);
});

test("gitleaks that fails is an error with its words, and what it found is none", async () => {
  const root = temporary("secrets");
  const program = join(root, "gitleaks");
  writeFileSync(program, "#!/bin/sh\necho 'FTL no such thing' >&2\nexit 1\n", { mode: 0o755 });
  vi.stubEnv("GITLEAKS", program);
  await expect(secretsIn(allContents(root))).rejects.toThrow(/^gitleaks failed: FTL no such thing$/);
  vi.unstubAllEnvs();
});

test("the command says file and line, and never the secret", () => {
  const root = checkout();
  const words = mnemonic(24);
  writeFileSync(join(root, "overlays/notes.md"), `\n${words}\n`);
  const { code, stdout, stderr } = run(root, "validate", "argocd");
  expect(stdout).toContain("error overlays/notes.md line 2: holds a mnemonic of 24 words");
  expect(shownOf(words, stdout + stderr)).toEqual([]);
  expect(code).toBe(1);
});
