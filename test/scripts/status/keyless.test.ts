import { stripVTControlCharacters } from "node:util";
import type { Network } from "generators/network/schema.ts";
import type { KeylessFacts, StatusFacts } from "scripts/status/facts.ts";
import { judgeStatus } from "scripts/status/judge.ts";
import { statusScreen } from "scripts/status/screen.ts";
import { expect, test } from "vitest";
import { localWithRpcNodes } from "../../support/keyless.ts";
import { healthy, now } from "../../support/status/facts.ts";

const argocd = { namespace: "argocd", repoURL: "https://example.org/mezo.git", revision: "main" };
const network = (change = {}): Network => ({ ...localWithRpcNodes(change), argocd });

const node = (name: string, kind: KeylessFacts["kind"] = "rpc-node"): KeylessFacts => ({
  name,
  kind,
  pod: {
    name,
    machine: "machine-1",
    phase: "Running",
    isReady: true,
    isGoing: false,
    since: now - 3_600_000,
    image: "mezo-node:v0.2.0-rc3",
    restarts: 0,
  },
  node: { value: { height: 999, time: now - 2000, isCatchingUp: false, peers: 5 } },
  disk: { value: { used: 20, capacity: 100 } },
});

function facts(change: (nodes: KeylessFacts[]) => void = () => {}): StatusFacts {
  const nodes = [node("mezo-rpc-node-0"), node("mezo-rpc-node-1"), node("mezo-seed-1", "seed")];
  change(nodes);
  return { ...healthy(), keyless: nodes };
}

const found = (change: (nodes: KeylessFacts[]) => void, of = network()) =>
  judgeStatus(of, facts(change))
    .filter(({ level }) => level !== "ok")
    .map(({ level, about, says }) => `${level} ${about} ${says}`);

const at = (nodes: KeylessFacts[], i: number) => nodes[i] as Required<KeylessFacts>;
const own = { height: 999, time: now, isCatchingUp: false, peers: 5 };

test("nodes without keys that are well need nobody, and have a line each", () => {
  expect(found(() => {})).toEqual([]);
  const text = stripVTControlCharacters(statusScreen(network(), facts(), judgeStatus(network(), facts())));
  expect(text).toContain("JSON-RPC can lead to 2 of 2 RPC nodes, which are ready\n");
  expect(text).toContain("mezo-rpc-node-1  ready  v0.2.0-rc3  999     -      5      0         20 %\n");
  expect(text).toContain("mezo-seed-1      ready");
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test.each<[string, (nodes: KeylessFacts[]) => void, string[]]>([
  ["without a pod", (n) => delete n[2]?.pod, ["error mezo-seed-1 has no pod"]],
  [
    "that catches up",
    (n) => {
      at(n, 1).node = { value: { ...own, height: 10, isCatchingUp: true } };
    },
    ["warning mezo-rpc-node-1 catches up: it is at 10, the chain at 1000"],
  ],
  [
    "that stands still",
    (n) => {
      at(n, 1).node = { value: { ...own, height: 10 } };
    },
    ["error mezo-rpc-node-1 stands at height 10 while the chain is at 1000"],
  ],
  [
    "without a peer",
    (n) => {
      at(n, 0).node = { value: { ...own, peers: 0 } };
    },
    ["error mezo-rpc-node-0 has no peer"],
  ],
  [
    "that does not answer",
    (n) => {
      at(n, 0).node = { unknown: "timeout" };
    },
    ["warning mezo-rpc-node-0 has a ready pod whose node does not answer (timeout)"],
  ],
  [
    "whose volume is full",
    (n) => {
      at(n, 0).disk = { value: { used: 96, capacity: 100 } };
    },
    ["error mezo-rpc-node-0 has a volume that is 96 % full"],
  ],
])("one %s", (_, change, says) => {
  expect(found(change)).toEqual(says);
});

test("a seed may be anywhere on the chain", () => {
  expect(
    found((n) => {
      at(n, 2).node = { value: { ...own, height: 1, isCatchingUp: true } };
    }),
  ).toEqual([]);
});

test("RPC nodes that are not ready matter as much as JSON-RPC depends on them", () => {
  const none = (nodes: KeylessFacts[]) => {
    for (const each of nodes.slice(0, 2)) if (each.pod) each.pod.isReady = false;
  };
  const says = "JSON-RPC can lead to 0 of 2 RPC nodes, which are ready";
  expect(found(none)).toContainEqual(`warning ${says}`);
  expect(found(none, network({ jsonRpcServedBy: "rpcNodes" }))).toContainEqual(`error ${says}`);
});
