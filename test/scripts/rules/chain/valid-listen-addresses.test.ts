import rule from "scripts/rules/chain/valid-listen-addresses.ts";
import { expect, test } from "vitest";
import { served } from "../../../support/keyless.ts";
import { built } from "../../../support/releases.ts";
import { type Any, copied, findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["config.toml", 'laddr = "tcp://0.0.0.0:26656"', 'laddr = "tcp://0.0.0.0:26666"', "p2p.laddr: must be 0.0.0.0:26656"],
  ["config.toml", 'laddr = "tcp://0.0.0.0:26657"', 'laddr = "tcp://127.0.0.1:26657"', "rpc.laddr: must be"],
  ["config.toml", '":26660"', '":26661"', "instrumentation.prometheus_listen_addr: must be 0.0.0.0:26660, is :26661"],
  ["app.toml", '"0.0.0.0:8545"', '"127.0.0.1:8545"', "json-rpc.address: must be 0.0.0.0:8545, is 127.0.0.1:8545"],
  ["app.toml", '"0.0.0.0:8546"', '"0.0.0.0:8547"', "json-rpc.ws-address: must be"],
  ["app.toml", '"0.0.0.0:6065"', '""', "json-rpc.metrics-address: must be 0.0.0.0:6065, is"],
])("%s %s", (file, from, to, message) => {
  const found = findings(rule, withToml(staging().manifests, file, from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${file} ${message}`);
});

test("RPC nodes listen behind their proxies", async () => {
  const network = served();
  const { manifests } = await built(network);
  expect(findings(rule, manifests, network)).toEqual([]);
  const overlay = copied(manifests);
  const files = overlay.manifests.find(({ metadata }) => metadata.name.startsWith("mezo-rpc-node-config-")) as Any;
  files.data["app.toml"] = files.data["app.toml"].replace("0.0.0.0:18545", "0.0.0.0:8545");
  expect(findings(rule, overlay.manifests, network)).toEqual([
    expect.stringContaining("app.toml json-rpc.address: must be 0.0.0.0:18545, is 0.0.0.0:8545"),
  ]);
});
