import { changesBetween, type Facts, isWhole, toFacts, withAddresses } from "scripts/artifacts/description.ts";
import { expect, test } from "vitest";
import { inventedValidators } from "../../support/networks.ts";

const facts = inventedValidators(3) as Facts[];
const [first, second, third] = facts as [Facts, Facts, Facts];

test.each<[name: string, before: Facts[], after: Facts[], changes: ReturnType<typeof changesBetween>]>([
  ["nothing", [], [], []],
  ["the same", facts, structuredClone(facts), []],
  [
    "another host",
    [first],
    [{ ...first, host: "new.example.org" }],
    [{ validator: "mezo-node-0", fact: "host", from: "mezo-node-0.example.org", to: "new.example.org" }],
  ],
  ["one more", [first], [first, second], [{ validator: "mezo-node-1", fact: "validator", from: "", to: "new" }]],
  [
    "one less",
    facts,
    [first, second],
    [{ validator: "mezo-node-2", fact: "validator", from: "described", to: "removed" }],
  ],
  [
    "another moniker",
    [first],
    [{ ...first, moniker: "acme-node-0" }],
    [{ validator: "acme-node-0", fact: "moniker", from: "mezo-node-0", to: "acme-node-0" }],
  ],
  [
    "a fact that was not described",
    [{ ...third, host: undefined }],
    [third],
    [{ validator: "mezo-node-2", fact: "host", from: "", to: "mezo-node-2.example.org" }],
  ],
])("what changes: %s", (_name, before, after, changes) => {
  expect(changesBetween(before, after)).toEqual(changes);
});

test("an address stays with its host, whichever validator has that, and goes with a host that goes", () => {
  const described = [{ ...first, address: "203.0.113.1" }, { ...second, address: "203.0.113.2" }, third];
  const now = [{ ...first, host: second.host }, { ...second, host: "new.example.org" }, third];
  expect(withAddresses(now, described)).toEqual([{ ...now[0], address: "203.0.113.2" }, now[1], third]);
  expect(withAddresses(now, [])).toEqual(now);
});

test("an address that comes is a change, and is no part of what artifacts must have", () => {
  const addressed = [{ ...first, address: "203.0.113.1" }];
  expect(isWhole(addressed)).toBe(true);
  expect(changesBetween([first], addressed)).toEqual([
    { validator: "mezo-node-0", fact: "address", from: "", to: "203.0.113.1" },
  ]);
});

test.each<[name: string, facts: Facts[], whole: boolean]>([
  ["three validators", facts, true],
  ["none", [], false],
  ["a gap, as one that has left may leave", [first, third], true],
  ["a fact missing", [first, { ...second, host: undefined }], false],
  ...(["nodeId", "accountAddress", "consensusPubKey", "host"] as const).map((fact): [string, Facts[], boolean] => [
    `one ${fact} twice`,
    [first, { ...second, [fact]: first[fact] }],
    false,
  ]),
])("whether it can stand as a description: %s", (_name, described, whole) => {
  expect(isWhole(described)).toBe(whole);
});

test("facts stand in the order of validators.json, what could not be read is undefined", () => {
  const [described] = toFacts({
    homes: [{ name: "mezo-node-0", index: 0, nodeId: "a" }],
    accounts: [],
    seeds: [{ nodeId: "a", host: "a.example.org", port: 26656 }],
    findings: [],
    exposed: [],
  });
  expect(Object.keys(described as Facts)).toEqual(Object.keys(first));
  expect(described).toMatchObject({ accountAddress: undefined, keyringFile: undefined, host: "a.example.org" });
});
