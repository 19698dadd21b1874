import { lockFile } from "generators/network/paths.ts";
import rule from "scripts/rules/history/no-older-seals.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier } from "../../../support/rules/history.ts";

const lock = (serial: number, content = "") =>
  new Map([[lockFile("staging"), `${JSON.stringify({ version: 2, serial, content }, null, 2)}\n`]]);
const found = (was: Map<string, string>, is: Map<string, string>) =>
  [...rule.check([], network, [earlier({ keystores: was })], is)].map(
    ({ object, field, message }) => `${object} ${field}: ${message}`,
  );

test("a lock stays, goes up, is new, or goes with all that is sealed", () => {
  expect(found(lock(1), lock(1))).toEqual([]);
  expect(found(lock(1), lock(2, "other"))).toEqual([]);
  expect(found(lock(1), lock(9, "other"))).toEqual([]);
  expect(found(new Map(), lock(1))).toEqual([]);
  expect(found(lock(1), new Map())).toEqual([]);
});

test.each([
  ["an earlier lock, which is still signed, comes back", lock(3), lock(2), "is 2, but at commit abc1234 it was 3"],
  ["two sealings have one number", lock(2, "one"), lock(2, "two"), "is 2, but at commit abc1234 it was 2"],
])("%s", (_case, was, is, message) => {
  expect(found(was, is)).toEqual([
    `overlays/staging/keystores/seal.lock.json serial: ${message}: every sealing adds 1`,
  ]);
});
