import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import rule from "scripts/rules/traffic/no-public-ports.ts";
import { expect, test } from "vitest";
import { local, staging } from "../../../support/networks.ts";

test("a network that opens p2p alone passes, and so does what is no network", () => {
  expect([...rule.check([], local)]).toEqual([]);
  expect([...rule.check([], undefined)]).toEqual([]);
});

test("each other port is a warning that says what it lets everybody do", () => {
  const found = [...rule.check([], staging)];
  expect(new Set(found.map(({ severity, object }) => `${severity} ${object}`))).toEqual(
    new Set(["warning generators/networks/staging.ts"]),
  );
  expect(found.map(({ field, message }) => `${field} ${message}`)).toEqual([
    "expose[1] rpc 26657 of every validator is open to everybody: anybody can hold it busy with queries and subscriptions, and sees its peers",
    "expose[2] api 1317 of every validator is open to everybody: nobody answers there, for it is off in app.toml",
    "expose[3] grpc 9090 of every validator is open to everybody: anybody can hold it busy with queries",
    "expose[4] json-rpc 8545 of every validator is open to everybody: calls come past the public JSON-RPC, without TLS, and hold it busy",
    "expose[5] json-rpc-ws 8546 of every validator is open to everybody: subscriptions come past the public JSON-RPC, without TLS, and hold it busy",
  ]);
});

test("REST that is on is not said to be off", () => {
  const settings = { app: { api: { enable: true } } };
  const network = defineNetwork({ ...(local as NetworkInput), expose: ["api", "p2p"], settings });
  expect([...rule.check([], network)].map(({ message }) => message)).toEqual([
    "api 1317 of every validator is open to everybody: anybody can hold it busy with queries",
  ]);
});
