import { alerts } from "generators/components/monitoring/alerts.ts";
import { expect, test } from "vitest";
import { type AlertCase, healthy } from "../../../support/alert-cases.ts";
import { fire } from "../../../support/fire-alerts.ts";
import { served, withKeyless } from "../../../support/keyless.ts";
import { staging } from "../../../support/networks.ts";

const height = (index: number) => `cometbft_consensus_height{namespace="default",pod="mezo-rpc-node-${index}"}`;
const proxy = (index: number) =>
  `kube_pod_container_status_ready{namespace="default",pod="mezo-rpc-node-${index}",container="proxy"}`;
const both = { [height(0)]: "1000+15x180", [height(1)]: "995+15x180" };

const cases: AlertCase[] = [
  { what: "two that are with the chain", change: both, at: "120m", firing: {} },
  {
    what: "one that is far behind",
    change: { ...both, [height(1)]: "900+15x180" },
    at: "60m",
    firing: { RpcNodeAway: 1 },
  },
  { what: "one that is gone", change: { [height(0)]: "1000+15x180" }, at: "60m", firing: { RpcNodeAway: 1 } },
  {
    what: "one that restarts",
    change: { ...both, [height(1)]: "995+15x50 _x10 1895+15x120" },
    at: "65m",
    firing: {},
  },
  {
    what: "both that stand",
    change: { [height(0)]: "1000+0x180", [height(1)]: "1000+0x180" },
    at: "60m",
    firing: { NoRpcNode: 1, RpcNodeAway: 1 },
  },
  {
    what: "two whose proxies are ready",
    change: { ...both, [proxy(0)]: "1x180", [proxy(1)]: "1x180" },
    at: "120m",
    firing: {},
  },
  {
    what: "one whose proxy is not",
    change: { ...both, [proxy(0)]: "1x180", [proxy(1)]: "0x180" },
    at: "60m",
    firing: { RpcNodeAway: 1 },
  },
  {
    what: "two whose proxies are not",
    change: { ...both, [proxy(0)]: "0x180", [proxy(1)]: "0x180" },
    at: "60m",
    firing: { NoRpcNode: 1, RpcNodeAway: 1 },
  },
  { what: "none at all", change: {}, at: "60m", firing: { NoRpcNode: 1, RpcNodeAway: 1 } },
];

test.each(cases)("$what: $firing", { timeout: 900_000 }, async (each) => {
  const own = alerts(served()).filter(({ name }) => name.includes("rpc-node"));
  expect(own).toHaveLength(2);
  expect(await fire(own, each)).toContain("SUCCESS");
});

test("it wakes somebody where nobody else answers, and a network without RPC nodes has no such alert", () => {
  const severity = (network: Parameters<typeof alerts>[0]) =>
    alerts(network).find(({ name }) => name === "no-rpc-node")?.severity;
  expect(severity(served())).toBe("critical");
  expect(severity(withKeyless({ jsonRpcServedBy: "both" }))).toBe("warning");
  expect(severity(staging)).toBeUndefined();
  expect(Object.keys(healthy).join()).not.toContain("rpc-node");
});
