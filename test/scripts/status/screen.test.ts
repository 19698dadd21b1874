import { stripVTControlCharacters } from "node:util";
import { judgeStatus } from "scripts/status/judge.ts";
import { statusScreen } from "scripts/status/screen.ts";
import { expect, test } from "vitest";
import { healthy, network } from "../../support/status/facts.ts";

const screen = (change: (facts: ReturnType<typeof healthy>) => void = () => {}) => {
  const facts = healthy();
  change(facts);
  return stripVTControlCharacters(statusScreen(network, facts, judgeStatus(network, facts)));
};

test("one screen of 80 columns shows the network, each validator and what needs a person", () => {
  const text = screen((facts) => {
    delete facts.validators[3]?.pod;
    const [, one] = facts.validators;
    if (one) one.disk = { unknown: "no permission" };
  });
  expect(text).toBe(`local (mezo_31611-10)                                               11:00:00 UTC
context mine

Argo CD  is in sync with 239d022
Argo CD  counts all objects as Healthy
chain    is at height 1000, made 2 s ago
chain    is signed by all 5 validators
JSON-RPC answers at mezo-node-0-0 (no public address is described) with height
         1000

validator    pod    release     height  signs  peers  restarts  disk
mezo-node-0  ready  v0.2.0-rc3  1000    3/3    4      0         40 %
mezo-node-1  ready  v0.2.0-rc3  1000    3/3    4      0         ?
mezo-node-2  ready  v0.2.0-rc3  1000    3/3    4      0         40 %
mezo-node-3  none   -           1000    3/3    4      -         40 %
mezo-node-4  ready  v0.2.0-rc3  1000    3/3    4      0         40 %

error    mezo-node-3 has no pod
         See why: kubectl describe statefulset mezo-node-3.`);
});

test("no line is longer than 80 columns, whatever is said", () => {
  const text = screen((facts) => {
    facts.context = `gke_${"a".repeat(20)} ${"b".repeat(60)}`;
    for (const { pod } of facts.validators) {
      if (pod)
        Object.assign(pod, {
          isReady: false,
          phase: "Running",
          reason: "ImagePullBackOff: a sentence that goes on ".repeat(5),
        });
      if (pod) pod.image = "registry.example.org/mezo-node:v10.20.30-rc40-long";
    }
  });
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text).not.toContain("Nothing needs a person");
});

test("a network that is well says so", () => {
  expect(screen().endsWith("Nothing needs a person.")).toBe(true);
});
