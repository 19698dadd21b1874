import rule from "scripts/rules/gke/require-health-check-traffic.ts";
import { expect, test } from "vitest";
import { withKeyless } from "../../../support/keyless.ts";
import { built } from "../../../support/releases.ts";
import { type Any, copied, findings, staging as overlay } from "../../../support/rules/overlay.ts";

/** Staging with p2p alone open to everybody, so that the ways of the front ends count. */
function staging() {
  const { remove, ...rest } = overlay();
  remove("NetworkPolicy/mezo-node-exposed");
  return rest;
}

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const rpcOf = (object: (id: string) => Any) => object("NetworkPolicy/mezo-rpc").spec.ingress[0];

test.each([
  [
    "the health check's port closed",
    (object: (id: string) => Any) => rpcOf(object).ports.pop(),
    4,
    "port 26657 of the pods to",
  ],
  ["JSON-RPC closed", (object: (id: string) => Any) => rpcOf(object).ports.shift(), 2, "port 8545 of the pods to"],
  [
    "opened by UDP",
    (object: (id: string) => Any) => (rpcOf(object).ports[0].protocol = "UDP"),
    2,
    "port 8545 of the pods to",
  ],
  ["one range left out", (object: (id: string) => Any) => rpcOf(object).from.pop(), 4, "of the pods to 35.191.0.0/16"],
  [
    "a range too narrow",
    (object: (id: string) => Any) => (rpcOf(object).from[0].ipBlock.cidr = "130.211.0.0/24"),
    4,
    "of the pods to 130.211.0.0/22",
  ],
])("%s", (_fault, change, count, message) => {
  const { manifests, object } = staging();
  change(object);
  const found = findings(rule, manifests);
  expect(found).toHaveLength(count);
  expect(found[0]).toContain("spec.healthCheck.port: no NetworkPolicy opens port");
  expect(found[0]).toContain(message);
});

test("a wider range passes, and so does having no policy at all", () => {
  const { manifests, object } = staging();
  rpcOf(object).from = [{ ipBlock: { cidr: "0.0.0.0/0" } }];
  expect(findings(rule, manifests)).toEqual([]);
  expect(
    findings(
      rule,
      manifests.filter(({ kind }) => kind !== "NetworkPolicy"),
    ),
  ).toEqual([]);
});

test("while validators and the first RPC node answer, both must be reached", async () => {
  const network = withKeyless({ jsonRpcServedBy: "both", expose: ["p2p"] });
  const { manifests } = await built(network);
  expect(findings(rule, manifests, network)).toEqual([]);
  for (const closed of ["mezo-rpc", "mezo-rpc-node-json-rpc"]) {
    const overlay = copied(manifests);
    overlay.remove(`NetworkPolicy/${closed}`);
    expect(findings(rule, overlay.manifests, network).length).toBeGreaterThan(0);
  }
});
