import rule from "scripts/rules/rollout/require-spare-rpc-nodes.ts";
import { expect, test } from "vitest";
import { rpcNodes, served, withKeyless } from "../../../support/keyless.ts";
import { built } from "../../../support/releases.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

const one = { rpcNodes: { ...rpcNodes, replicas: 1 } };

test("two RPC nodes pass, and a single one beside validators", async () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  for (const network of [served(), withKeyless({ ...one, jsonRpcServedBy: "both" })]) {
    expect(findings(rule, (await built(network)).manifests, network)).toEqual([]);
  }
});

test("a single one that nobody stands in for is refused", async () => {
  const network = served(one);
  expect(findings(rule, (await built(network)).manifests, network)).toEqual([
    "StatefulSet/mezo-rpc-node spec.replicas: must be 2 or more while RPC nodes alone serve JSON-RPC, is 1",
  ]);
});
