import type { Network } from "generators/network/schema.ts";
import rule from "scripts/rules/rollout/no-fatal-machines.ts";
import { expect, test } from "vitest";
import { local, manyValidators, staging } from "../../../support/networks.ts";

const gke = staging.gke as NonNullable<typeof staging.gke>;
const found = (network: Network) => [...rule.check([], network)];

test("staging is told what a lost machine costs, as a warning with the remedy", () => {
  expect(found(staging)).toEqual([
    {
      severity: "warning",
      object: "generators/networks/staging.ts",
      field: "spread",
      message: "5 validators on 3 machines put 2 on one; the chain can spare 1, so it halts when that machine is lost",
    },
  ]);
  expect(rule.fix).toMatch(/^Add machines until there are as many as validators.*`spread: "required"`\.$/);
});

test.each<[string, Network]>([
  ["a machine for each validator", { ...staging, gke: { ...gke, nodes: 5 } }],
  ["no two on a machine", { ...staging, spread: "required", gke: { ...gke, nodes: 5 } }],
  ["nothing said about machines", local],
  ["seven validators spare the two of a machine", manyValidators(7, { gke: { ...gke, nodes: 4 } })],
])("nothing to say: %s", (_, network) => {
  expect(found(network)).toEqual([]);
});

test("all validators on a single machine", () => {
  const message = found({ ...staging, gke: { ...gke, nodes: 1 } })[0]?.message;
  expect(message).toMatch(/^5 validators on 1 machine put 5 on one;/);
});
