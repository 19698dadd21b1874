import type { Network } from "generators/network/schema.ts";
import rule from "scripts/rules/history/no-abrupt-json-rpc-moves.ts";
import { expect, test } from "vitest";
import { served, withKeyless } from "../../../support/keyless.ts";
import { built } from "../../../support/releases.ts";
import { earlier, earlierPlacement } from "../../../support/rules/history.ts";

const networks = {
  validators: withKeyless(),
  both: withKeyless({ jsonRpcServedBy: "both" }),
  rpcNodes: served(),
};
const objects = Object.fromEntries(
  await Promise.all(
    Object.entries(networks).map(async ([name, network]) => [name, (await built(network)).manifests] as const),
  ),
);

const found = (was: Network["jsonRpcServedBy"], is: Network["jsonRpcServedBy"], isSealed = true) => {
  const placement = earlierPlacement({ isSealed, lifecycle: "new" }, networks[was]);
  const before = [earlier({ manifests: objects[was] ?? [], placement })];
  return [...rule.check(objects[is] ?? [], networks[is], before)].map(({ object, field, message }) =>
    [object, field, message].join(" "),
  );
};

test.each([
  ["validators", "validators"],
  ["validators", "both"],
  ["both", "rpcNodes"],
  ["rpcNodes", "both"],
  ["both", "validators"],
] as const)("from %s to %s", (was, is) => {
  expect(found(was, is)).toEqual([]);
});

test("from one to the other without both in between is refused", () => {
  const message = (is: string, was: string) =>
    `Service/mezo-rpc spec.selector leads to ${is}, and at commit abc1234 it led to ${was} alone`;
  expect(found("validators", "rpcNodes")).toEqual([message("RPC nodes", "validators")]);
  expect(found("rpcNodes", "validators")).toEqual([message("validators", "RPC nodes")]);
});

test("nobody asks a network that never ran, and of a commit without the Service nothing is known", () => {
  expect(found("validators", "rpcNodes", false)).toEqual([]);
  const before = [earlier({ manifests: [] })];
  expect([...rule.check(objects.rpcNodes ?? [], networks.rpcNodes, before)]).toEqual([]);
});
