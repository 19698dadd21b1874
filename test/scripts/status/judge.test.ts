import type { Network } from "generators/network/schema.ts";
import type { Level } from "scripts/lib/verdict.ts";
import type { ArgocdFacts, ChainFacts, PodFacts, StatusFacts, ValidatorFacts } from "scripts/status/facts.ts";
import { judgeStatus } from "scripts/status/judge.ts";
import { describe, expect, test } from "vitest";
import { healthy, network, now, signer } from "../../support/status/facts.ts";

const minute = 60_000;

const argocd = (change: Partial<ArgocdFacts>) => (facts: StatusFacts) =>
  Object.assign((facts.argocd as { value: ArgocdFacts }).value, change);
const chain = (change: Partial<ChainFacts>) => (facts: StatusFacts) =>
  Object.assign((facts.chain as { value: ChainFacts }).value, change);
const validator = (index: number, change: Partial<ValidatorFacts>) => (facts: StatusFacts) =>
  Object.assign(facts.validators[index] as ValidatorFacts, change);
const pod = (index: number, change: Partial<PodFacts>) => (facts: StatusFacts) =>
  Object.assign(facts.validators[index]?.pod as PodFacts, change);
const node = (index: number, change: object) => (facts: StatusFacts) =>
  Object.assign(facts.validators[index] as ValidatorFacts, {
    node: { value: { ...(healthy().validators[index]?.node as { value: object } | undefined)?.value, ...change } },
  });
const without = (index: number) => (facts: StatusFacts) => {
  delete facts.validators[index]?.pod;
};
const absent =
  (...indexes: number[]) =>
  (facts: StatusFacts) => {
    for (const commit of (facts.chain as { value: ChainFacts }).value.commits) {
      commit.signed = commit.signed.filter((each) => !indexes.map(signer).includes(each));
    }
  };
const all =
  (...changes: ((facts: StatusFacts) => unknown)[]) =>
  (facts: StatusFacts) => {
    for (const change of changes) change(facts);
  };
const running = (message: string, minutes = 1) =>
  argocd({ phase: "Running", message, started: now - minutes * minute });
const gatePod: PodFacts = {
  name: "mezo-gate-1-x7k2p",
  phase: "Pending",
  isReady: false,
  isGoing: false,
  since: now - minute,
  image: "mezo-node:v0.2.0-rc4",
  restarts: 0,
};
const upgrade: NonNullable<Network["upgrade"]> = { name: "v0.3.0", height: 1100, tag: "v0.3.0-rc3" };
const planned = chain({ plan: { value: { name: "v0.3.0", height: 1100 } } });

function judged(change: (facts: StatusFacts) => unknown, of: Partial<Network> = {}) {
  const facts = healthy();
  change(facts);
  return judgeStatus({ ...network, ...of }, facts);
}

test("nothing of a network that is well needs a person", () => {
  const verdicts = judged(() => {});
  expect(verdicts.filter(({ level }) => level !== "ok")).toEqual([]);
  expect(verdicts.map(({ about, says }) => `${about} ${says}`).slice(0, 5)).toEqual([
    "Argo CD is in sync with 239d022",
    "Argo CD counts all objects as Healthy",
    "chain is at height 1000, made 2 s ago",
    "chain is signed by all 5 validators",
    "JSON-RPC answers at mezo-node-0-0 (no public address is described) with height 1000",
  ]);
});

type Row = [state: string, change: (facts: StatusFacts) => unknown, level: Level, says: string, of?: Partial<Network>];

const rows: Record<string, Row[]> = {
  "Argo CD": [
    ["has no Application", argocd({ exists: false }), "error", "Argo CD has no Application mezo-local"],
    [
      "can't be asked",
      (facts) => (facts.argocd = { unknown: "no permission" }),
      "error",
      "does not show the Application (no permission)",
    ],
    [
      "waits for a validator",
      running("waiting for healthy state of apps/StatefulSet/mezo-node-1"),
      "ok",
      "wave 4 of 12 waits for healthy state of StatefulSet mezo-node-1",
    ],
    [
      "waits for a gate",
      running("waiting for completion of hook batch/Job/mezo-gate-3"),
      "ok",
      "wave 5 of 12 waits for completion of Job mezo-gate-3",
    ],
    [
      "waits for a gate that can't be pulled",
      (facts) => facts.gates.push({ ...gatePod, reason: "ErrImagePull: not found" }),
      "error",
      "mezo-gate-1 does not run: ErrImagePull: not found",
    ],
    ["waits for a gate that runs", (facts) => facts.gates.push(gatePod), "ok", "is in sync with 239d022"],
    [
      "waits for long",
      running("waiting for healthy state of apps/StatefulSet/mezo-node-1", 16),
      "warning",
      "syncs 239d022 for 16 min: wave 4 of 12 waits",
    ],
    [
      "waits for a person",
      running("waiting for pruning confirmation of apps/StatefulSet/mezo-node-4"),
      "error",
      "waits for a person",
    ],
    [
      "tries again",
      running("one or more synchronization tasks completed unsuccessfully. Retrying attempt #2 at 11:00AM."),
      "error",
      "has failed: one or more",
    ],
    [
      "has failed at a gate",
      argocd({ phase: "Failed", message: "Job mezo-gate-2 has failed" }),
      "error",
      "could not sync 239d022: Job mezo-gate-2 has failed",
    ],
    ["is out of sync", argocd({ sync: "OutOfSync" }), "warning", "is OutOfSync with 239d022, and no sync goes on"],
    ["only looks", argocd({ sync: "OutOfSync", isAutomated: false }), "warning", "syncs nothing by itself"],
    ["finds it degraded", argocd({ health: "Degraded" }), "error", "counts the network as Degraded"],
    ["waits for health", argocd({ health: "Progressing" }), "ok", "waits until all objects are Healthy"],
    [
      "can't compare",
      argocd({ conditions: [{ type: "ComparisonError", message: "no repository" }] }),
      "error",
      "reports ComparisonError: no repository",
    ],
    [
      "warns",
      argocd({ conditions: [{ type: "OrphanedResourceWarning", message: "1" }] }),
      "warning",
      "reports OrphanedResourceWarning: 1",
    ],
  ],
  "the chain": [
    [
      "shows nothing",
      (facts) => (facts.chain = { unknown: "no validator's node answers" }),
      "error",
      "chain shows nothing",
      { lifecycle: "started" },
    ],
    [
      "is new and shows nothing",
      (facts) => (facts.chain = { unknown: "no validator's node answers" }),
      "warning",
      "chain shows nothing",
    ],
    ["has no block", chain({ height: 0 }), "warning", "chain has no block yet"],
    ["stands still", chain({ time: now - 22 * 60 * minute }), "error", "chain stands still at height 1000 since 22 h"],
    [
      "stops for the plan",
      all(chain({ height: 1099, time: now - 10 * minute }), planned),
      "error",
      "the plan v0.3.0 stops it at 1100",
    ],
    ["lacks one vote of five", absent(2), "error", "chain is signed by 4 of 5 validators: one more down stops it"],
    [
      "lacks one vote in a sync",
      all(absent(2), running("waiting for healthy state of apps/StatefulSet/mezo-node-2")),
      "warning",
      "one more down stops it, while a sync goes on",
    ],
    [
      "lacks two votes of five",
      absent(2, 3),
      "error",
      "chain is signed by 3 of 5 validators: too few for another block",
    ],
    [
      "lacks one of seven",
      chain({ commits: [{ height: 999, signed: Array(6).fill("A"), all: 7 }] }),
      "warning",
      "6 of 7 validators, and tolerates 1 more down",
    ],
    [
      "nears a plan that nobody declared",
      planned,
      "error",
      "in 100 blocks (about 5 min), and the network does not declare it",
    ],
    [
      "nears another plan",
      planned,
      "error",
      "and the network declares v0.3.0 at 1200",
      { upgrade: { ...upgrade, height: 1200 } },
    ],
    [
      "is far from a plan that nobody declared",
      chain({ plan: { value: { name: "v0.3.0", height: 900_000 } } }),
      "warning",
      "and the network does not declare it",
    ],
    [
      "nears its plan, and pods lack the release",
      planned,
      "error",
      "and 5 pods of 5 do not hold that release",
      { upgrade },
    ],
    [
      "lacks the plan that is declared",
      () => {},
      "warning",
      "has no plan, but the network declares v0.3.0 at height 1100",
      { upgrade },
    ],
    [
      "nears its plan, all carry it",
      all(planned, (facts) => {
        for (const each of facts.validators) if (each.pod) each.pod.nextImage = "n:v0.3.0-rc3";
      }),
      "ok",
      "stops for v0.3.0 at height 1100, in 100 blocks (about 5 min)",
      { upgrade },
    ],
    [
      "does not tell its plan",
      chain({ plan: { unknown: "it answers 500" } }),
      "warning",
      "does not say what upgrade is planned (it answers 500)",
    ],
    [
      "nears a fork",
      () => {},
      "ok",
      "passes the fork at 1010 in 10 blocks",
      { upgrade: { before: 1010, tag: "v0.2.0-rc4" } },
    ],
  ],
  "a validator": [
    ["has no pod", without(3), "error", "mezo-node-3 has no pod"],
    [
      "has no pod yet",
      (facts) => {
        running("waiting for healthy state of apps/StatefulSet/mezo-node-1")(facts);
        without(3)(facts);
      },
      "warning",
      "mezo-node-3 has no pod, while a sync goes on",
    ],
    [
      "is paused",
      without(3),
      "ok",
      "mezo-node-3 is paused: a drill",
      { paused: [{ validator: 3, reason: "a drill" }] },
    ],
    [
      "is paused and runs",
      () => {},
      "error",
      "is paused, and its pod mezo-node-3-0 is there",
      { paused: [{ validator: 3, reason: "a drill" }] },
    ],
    [
      "is in maintenance",
      pod(3, { isReady: false }),
      "ok",
      "mezo-node-3 is in maintenance",
      { maintenance: [{ validator: 3, reason: "a rollback" }] },
    ],
    [
      "can't pull its image",
      pod(3, { isReady: false, reason: "ImagePullBackOff: not found" }),
      "error",
      "mezo-node-3 does not run: ImagePullBackOff: not found",
    ],
    [
      "has no machine",
      pod(3, { isReady: false, phase: "Pending", reason: "Unschedulable: 0/3 nodes" }),
      "error",
      "does not run: Unschedulable: 0/3 nodes",
    ],
    ["starts", pod(3, { isReady: false, since: now - minute }), "warning", "is not ready since 60 s (Running)"],
    [
      "starts for long",
      pod(3, { isReady: false, since: now - 16 * minute }),
      "error",
      "is not ready since 16 min (Running)",
    ],
    ["ends", pod(3, { isReady: false, isGoing: true }), "ok", "mezo-node-3 ends now"],
    [
      "was killed for its memory",
      pod(3, { restarts: 2, lastEnd: { reason: "OOMKilled", at: now - 5 * 60 * minute } }),
      "error",
      "was killed for its memory: 2 restarts, the last 5 h ago",
    ],
    [
      "was restarted",
      pod(3, { restarts: 1, lastEnd: { reason: "Error", at: now - 5 * minute } }),
      "warning",
      "has ended with Error: 1 restart, the last 5 min ago",
    ],
    [
      "does not answer",
      validator(3, { node: { unknown: "it answers 500" } }),
      "warning",
      "has a ready pod whose node does not answer (it answers 500)",
    ],
    [
      "catches up",
      node(3, { height: 10, isCatchingUp: true }),
      "warning",
      "catches up: it is at 10, the chain at 1000",
    ],
    ["has failed consensus", node(3, { height: 900 }), "error", "stands at height 900 while the chain is at 1000"],
    ["has no peer", node(3, { peers: 0 }), "error", "mezo-node-3 has no peer"],
    ["has few peers", node(3, { peers: 2 }), "warning", "mezo-node-3 has 2 peers of 4"],
    ["does not sign", absent(3), "error", "mezo-node-3 signed 0 of the last 3 blocks"],
    [
      "missed a vote",
      (facts) => {
        const [first] = (facts.chain as { value: ChainFacts }).value.commits.slice(1);
        if (first) first.signed = first.signed.filter((each) => each !== signer(3));
      },
      "warning",
      "mezo-node-3 signed 2 of the last 3 blocks",
    ],
    [
      "is none of the chain's",
      chain({ members: [0, 1, 2, 4].map(signer) }),
      "warning",
      "mezo-node-3 is not among the chain's validators",
    ],
    [
      "has a disk that fills",
      validator(3, { disk: { value: { used: 85, capacity: 100 } } }),
      "warning",
      "has a volume that is 85 % full",
    ],
    [
      "has a full disk",
      validator(3, { disk: { value: { used: 95, capacity: 100 } } }),
      "error",
      "has a volume that is 95 % full",
    ],
  ],
  "JSON-RPC": [
    [
      "does not answer",
      (facts) => (facts.jsonRpc.height = { unknown: "ECONNREFUSED" }),
      "error",
      "JSON-RPC does not answer at mezo-node-0-0 (ECONNREFUSED)",
    ],
    ["is behind", (facts) => (facts.jsonRpc.height = { value: 900 }), "warning", "100 blocks behind the chain"],
  ],
};

describe.each(Object.entries(rows))("%s", (_, table) => {
  test.each(table)("%s", (_state, change, level, says, of) => {
    const found = judged(change, of).filter((each) => `${each.about} ${each.says}`.includes(says));
    expect(found.map((each) => each.level)).toEqual([level]);
    // What needs somebody says what to do.
    for (const { remedy } of found) expect(remedy !== undefined).toBe(level !== "ok");
  });
});

test("on a chain that stands still nobody is blamed for not signing", () => {
  const verdicts = judged(all(chain({ time: now - 60 * minute }), absent(1, 2, 3)));
  expect(verdicts.filter(({ says }) => says.startsWith("signed"))).toEqual([]);
});

test("Argo CD that does not deploy the network is no fault", () => {
  expect(judged((facts) => delete facts.argocd)[0]).toMatchObject({
    level: "ok",
    says: "does not deploy local: it names no repository",
  });
});
