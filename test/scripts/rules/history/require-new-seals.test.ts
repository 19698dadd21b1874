import { lockFile } from "generators/network/paths.ts";
import rule from "scripts/rules/history/require-new-seals.ts";
import { certificateFile, secretFile } from "scripts/seal/keystores-folder.ts";
import { sealedSecretFile } from "scripts/seal/sealed-secret.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier } from "../../../support/rules/history.ts";

const cipher = (text: string) => Buffer.from(text.repeat(400)).toString("base64");
const sealed = (name: string, text: string) => [
  secretFile("staging", name),
  sealedSecretFile(
    { name, namespace: "default" },
    { "node_key.json": cipher(`${text}1`), keyhash: cipher(`${text}2`) },
  ),
];
const folder = (certificate: string, ...contents: string[]) =>
  new Map([
    [certificateFile("staging"), certificate],
    ...contents.map((text, i) => sealed(`mezo-node-${i}-keystore`, text)),
  ] as [string, string][]);
const found = (was: Map<string, string>, is: Map<string, string>) =>
  [...rule.check([], network, [earlier({ keystores: was })], is)].map(({ object, message }) => `${object}: ${message}`);

test("the certificate stays, changes with all that is sealed, or is new", () => {
  expect(found(folder("one", "a", "b"), folder("one", "a", "b"))).toEqual([]);
  expect(found(folder("one", "a", "b"), folder("two", "c", "d"))).toEqual([]);
  expect(found(new Map(), folder("one", "a", "b"))).toEqual([]);
});

test("line endings are no change", () => {
  expect(found(folder("one\n", "a"), folder("one\r\n", "a"))).toEqual([]);
});

test.each([
  ["alone", ["a", "b"]],
  ["with a part of what is sealed", ["c", "b"]],
])("the certificate changes %s", (_case, contents) => {
  expect(found(folder("one", "a", "b"), folder("two", ...contents))).toEqual([
    expect.stringMatching(
      /^overlays\/staging\/keystores\/certificate.pem: differs from commit abc1234, but overlays\/staging\/keystores\/mezo-node-\d-keystore.yaml still holds what was sealed for that one$/,
    ),
  ]);
});

test.each([
  ["alone", ["a", "b"], 1],
  ["with all that is sealed", ["c", "d"], 0],
])("the lock's fingerprint changes %s", (_case, contents, count) => {
  const locked = (fingerprint: string, tree: Map<string, string>) =>
    tree.set(lockFile("staging"), JSON.stringify({ certificate: fingerprint.repeat(64) }));
  const [was, is] = [locked("1", folder("one", "a", "b")), locked("2", folder("one", ...contents))];
  expect(found(was, is)).toHaveLength(count);
});

test("the certificate is deleted, and comes back as another one", () => {
  const without = folder("one", "a");
  without.delete(certificateFile("staging"));
  expect(found(folder("one", "a"), without)).toEqual([]);
  expect(found(folder("one", "a"), folder("two", "a"))).toHaveLength(1);
});
