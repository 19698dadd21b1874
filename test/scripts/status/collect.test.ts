import { argocdFacts } from "scripts/status/collect-argocd.ts";
import { commitFacts } from "scripts/status/collect-chain.ts";
import { podFacts } from "scripts/status/collect-pods.ts";
import { decodePlan } from "scripts/status/plan.ts";
import { describe, expect, test } from "vitest";

const pod = (status: object, more: object = {}) => ({
  metadata: { name: "mezo-node-0-0", creationTimestamp: "2026-11-27T10:00:00Z" },
  spec: { nodeName: "machine-1", containers: [{ name: "mezo-node", image: "mezo-node:v0.2.0-rc3" }], ...more },
  status,
});
const ready = (status: string) => ({ type: "Ready", status, lastTransitionTime: "2026-11-27T10:30:00Z" });

describe("a pod as facts", () => {
  test("that is ready, with how its container last ended", () => {
    const terminated = { reason: "OOMKilled", exitCode: 137, finishedAt: "2026-11-27T10:29:00Z" };
    const containerStatuses = [
      // Kubernetes sorts them by name.
      { name: "ethereum-sidecar", restartCount: 7, state: { running: {} } },
      { name: "mezo-node", restartCount: 2, state: { running: {} }, lastState: { terminated } },
    ];
    expect(podFacts(pod({ phase: "Running", conditions: [ready("True")], containerStatuses }))).toEqual({
      name: "mezo-node-0-0",
      machine: "machine-1",
      phase: "Running",
      isReady: true,
      isGoing: false,
      since: Date.parse("2026-11-27T10:30:00Z"),
      image: "mezo-node:v0.2.0-rc3",
      restarts: 2,
      lastEnd: { reason: "OOMKilled", at: Date.parse("2026-11-27T10:29:00Z") },
    });
  });

  test.each<[string, object, string | undefined]>([
    [
      "waits for an image",
      { containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff", message: "not found" } } }] },
      "ImagePullBackOff: not found",
    ],
    ["is only being made", { containerStatuses: [{ state: { waiting: { reason: "PodInitializing" } } }] }, undefined],
    [
      "fails in preflight",
      { initContainerStatuses: [{ state: { terminated: { reason: "Error", exitCode: 1 } } }] },
      "Error",
    ],
    [
      "has no machine",
      { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3" }] },
      "Unschedulable: 0/3",
    ],
    [
      "waits for a load balancer",
      { conditions: [{ type: "cloud.google.com/load-balancer-neg-ready", status: "False" }] },
      "the readiness gate cloud.google.com/load-balancer-neg-ready is False",
    ],
  ])("that %s", (_, status, reason) => {
    expect(podFacts(pod(status)).reason).toBe(reason);
  });

  test("that holds the next release", () => {
    const volumes = [{ name: "tmp" }, { name: "next", image: { reference: "mezo-node:v0.3.0" } }];
    expect(podFacts(pod({}, { volumes })).nextImage).toBe("mezo-node:v0.3.0");
  });
});

describe("an Application as facts", () => {
  test("where there is none", () => {
    expect(argocdFacts(undefined)).toMatchObject({ exists: false });
  });

  test.each([
    [{ automated: { enabled: true } }, true],
    [{ automated: {} }, true],
    [{ automated: { enabled: false } }, false],
    [{ automated: null }, false],
    [undefined, false],
  ])("whose policy is %j", (syncPolicy, isAutomated) => {
    expect(argocdFacts({ spec: { syncPolicy } }).isAutomated).toBe(isAutomated);
  });
});

test("a vote for no block counts as none", () => {
  const signatures = [
    { block_id_flag: 2, validator_address: "A" },
    { block_id_flag: 1, validator_address: "" },
    { block_id_flag: 3, validator_address: "C" },
  ];
  const commit = { signed_header: { commit: { height: "7", signatures } } };
  expect(commitFacts(commit)).toEqual({ height: 7, signed: ["A"], all: 3 });
});

describe("the chain's plan, in protobuf", () => {
  // QueryCurrentPlanResponse { plan: { name: "v0.3.0", time: {…}, height: 1093500, info: "x" } }
  const name = [0x0a, 6, ...Buffer.from("v0.3.0")];
  const time = [0x12, 11, 0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01];
  const height = [0x18, 0xfc, 0xde, 0x42];
  const body = [...name, ...time, ...height, 0x22, 1, 0x78];
  const answer = Uint8Array.from([0x0a, body.length, ...body]);

  test("is its name and height", () => {
    expect(decodePlan(answer)).toEqual({ name: "v0.3.0", height: 1_093_500 });
  });

  test("is none in an empty answer", () => {
    expect(decodePlan(new Uint8Array())).toBeUndefined();
  });

  test("is refused where it is cut off", () => {
    expect(() => decodePlan(answer.subarray(0, 12))).toThrow("the answer is cut off");
  });
});
