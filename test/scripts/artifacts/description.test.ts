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
    "one less in between",
    facts,
    [first, third],
    [{ validator: "mezo-node-1", fact: "validator", from: "described", to: "removed" }],
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

test.each<[name: string, facts: Facts[], whole: boolean]>([
  ["three validators", facts, true],
  ["none", [], false],
  ["an index that has left", [first, third], true],
  ["one index twice", [first, { ...second, index: 0 }], false],
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

test("a described address stays with its host, whatever its validator is called, and goes with it", () => {
  const described = [
    { ...first, moniker: "old", address: "203.0.113.7" },
    { ...second, address: "203.0.113.8" },
    third,
  ];
  const moved = { ...second, host: "new.example.org" };
  expect(withAddresses([first, moved, third], described)).toEqual([{ ...first, address: "203.0.113.7" }, moved, third]);
});
