import rule from "scripts/rules/history/no-lost-keystores.ts";
import { expectedSecrets } from "scripts/seal/expected.ts";
import { secretFile } from "scripts/seal/keystores-folder.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier } from "../../../support/rules/history.ts";

const files = expectedSecrets(network).map(({ name }) => secretFile(network.name, name));
const folder = (paths: readonly string[]) => new Map(paths.map((path) => [path, ""]));
const found = (was: readonly string[], is: readonly string[]) =>
  [...rule.check([], network, [earlier({ keystores: folder(was) })], folder(is))].map(({ object }) => object);

test("what is sealed stays, and more comes", () => {
  expect(found(files, files)).toEqual([]);
  expect(found([], files)).toEqual([]);
  expect(found(files.slice(1), files)).toEqual([]);
});

test("one file is gone, or the whole folder", () => {
  expect(found(files, files.slice(1))).toEqual([files[0]]);
  expect(found(files, [])).toEqual(files);
});

test("a Secret that the network no longer needs may go", () => {
  expect(found([...files, secretFile("staging", "mezo-node-9-keystore")], files)).toEqual([]);
});
