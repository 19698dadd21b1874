import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/history/require-accepted-risks.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement } from "../../../support/rules/history.ts";
import { staging } from "../../../support/rules/overlay.ts";

const withAccept = (accept: NetworkInput["accept"], change: Partial<NetworkInput> = {}) =>
  defineNetwork({ ...network, ...change, accept } as NetworkInput);

const found = (is: readonly Manifest[], of = network, before = earlier({ manifests: staging().manifests })) =>
  [...rule.check(is, of, [before])].map(({ severity, field, message }) => `${severity} ${field}: ${message}`);

/** Staging with two validators that stop, of which the chain spares one. */
function stopped(...indexes: number[]): Manifest[] {
  const { manifests, object } = staging();
  for (const index of indexes) object(`StatefulSet/mezo-node-${index}`).spec.replicas = 0;
  return manifests;
}

const halting =
  'error accept: since commit abc1234 the push halts the chain: mezo-node-3 and mezo-node-4 stop: 2 of 5 validators are down then, and the chain of 5 spares 1; accept: [{ risk: "halts the chain", reason: "…", until: "<yyyy-mm-dd>" }] would accept it';
const reason = "the chain is halted on purpose";

test("a push that does nothing needs no word", () => {
  expect(found(staging().manifests)).toEqual([]);
  expect(found(staging().manifests, network, earlier({ manifests: undefined }))).toEqual([]);
});

test("a push that halts the chain needs one, and is told what to write", () => {
  expect(found(stopped(3, 4))).toEqual([halting]);
});

test("with the word it passes, until the day is over", () => {
  expect(found(stopped(3, 4), withAccept([{ risk: "halts the chain", reason, until: "2999-01-01" }]))).toEqual([]);
  const late = found(stopped(3, 4), withAccept([{ risk: "halts the chain", reason, until: "2020-02-29" }]));
  expect(late).toEqual([expect.stringMatching(/^warning accept\[0\]: counted until 2020-02-29; today is /), halting]);
});

test("the word for one risk is none for the other", () => {
  const may = withAccept([{ risk: "may halt the chain", reason, until: "2999-01-01" }]);
  expect(found(stopped(3, 4), may)).toEqual([halting]);
  const one = found(stopped(4), withAccept([{ risk: "halts the chain", reason, until: "2999-01-01" }]));
  expect(one).toEqual([expect.stringContaining("the push may halt the chain: mezo-node-4 stops")]);
});

test("a pause says its reason itself", () => {
  expect(found(stopped(4), withAccept([], { paused: [{ validator: 4, reason: "its machine burned down" }] }))).toEqual(
    [],
  );
});

test("a network that nobody has started has nothing to lose", () => {
  const placement = earlierPlacement({ isSealed: false, lifecycle: "new" });
  const before = earlier({ manifests: staging().manifests, placement });
  const fresh = { ...network, lifecycle: "new" as const };
  expect(found(stopped(3, 4), fresh, before)).toEqual([]);
});
