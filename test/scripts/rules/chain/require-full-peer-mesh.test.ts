import rule from "scripts/rules/chain/require-full-peer-mesh.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

/** Staging with its peers changed. */
const withPeers = (change: (peers: string) => string) =>
  withToml(staging().manifests, "config.toml", /(?<=persistent_peers = ")[^"]*/, change);

const cut = (finding: string) => finding.replace(/^ConfigMap\/mezo-node-config-\w+ /, "");

test("a validator left out", () => {
  const found = findings(
    rule,
    withPeers((peers) => peers.split(",").slice(1).join(",")),
  );
  expect(found.map(cut)).toEqual([
    "config.toml p2p.persistent_peers: must list 2d4e0216da0d1ec18655d9588df21319025efab0@mezo-node-0.default.svc.cluster.local:26656",
  ]);
});

test("another port", () => {
  const found = findings(
    rule,
    withPeers((peers) =>
      peers.replace("mezo-node-4.default.svc.cluster.local:26656", "mezo-node-4.default.svc.cluster.local:26657"),
    ),
  );
  expect(found.map(cut)).toEqual([
    "config.toml p2p.persistent_peers: must list 8b041c159d6b981db56ffb9a3c1fda468f51407b@mezo-node-4.default.svc.cluster.local:26656",
    'config.toml p2p.persistent_peers: lists "8b041c159d6b981db56ffb9a3c1fda468f51407b@mezo-node-4.default.svc.cluster.local:26657", which is neither a validator of the network nor one of its peers',
  ]);
});

test("no peers at all: every validator is missing, and an empty name is none", () => {
  expect(
    findings(
      rule,
      withPeers(() => ""),
    ),
  ).toHaveLength(network.validators.length + 1);
});

test("validators that others run are listed, too", () => {
  const peers = [{ name: "other", nodeId: "ab".repeat(20), address: "a.example:26656" }];
  const listed = withPeers((own) => `${own},${"ab".repeat(20)}@a.example:26656`);
  expect(findings(rule, listed, { ...network, peers })).toEqual([]);
  expect(findings(rule, staging().manifests, { ...network, peers }).map(cut)).toEqual([
    `config.toml p2p.persistent_peers: must list ${"ab".repeat(20)}@a.example:26656`,
  ]);
});
