import type { Network } from "generators/network/schema.ts";
import { judgeArgocd, versionIn } from "scripts/check-cluster/argocd.ts";
import { type CloudFacts, judgeCloud } from "scripts/check-cluster/cloud.ts";
import { judgeMachines } from "scripts/check-cluster/judge-machines.ts";
import { judgeKinds } from "scripts/check-cluster/kinds.ts";
import { type MachineFacts, machineFacts } from "scripts/check-cluster/machines.ts";
import { conflictsIn, judgeObjects, type ObjectFacts, withoutValues } from "scripts/check-cluster/objects.ts";
import { judgeEnforcer } from "scripts/check-cluster/policies.ts";
import { sharedFields } from "scripts/check-cluster/shared-fields.ts";
import { judgeStorage } from "scripts/check-cluster/storage.ts";
import { judgeTrials, trialPod } from "scripts/check-cluster/trial-pods.ts";
import { judgeVersion } from "scripts/check-cluster/versions.ts";
import type { Fact } from "scripts/lib/cluster/api.ts";
import type { Level, Verdict } from "scripts/lib/verdict.ts";
import { describe, expect, test } from "vitest";
import { local, staging } from "../../support/networks.ts";

type Gke = NonNullable<Network["gke"]>;
const gke = staging.gke as Gke;
const onGke = (change: Partial<Gke>): Network => ({ ...staging, gke: { ...gke, ...change } });
const GiB = 2 ** 30;

/** Expects one verdict that contains a text, of a level, and a remedy in each that is not fine. */
function expectVerdict(verdicts: readonly Verdict[], level: Level, says: string): void {
  const found = verdicts.filter((each) => `${each.about} ${each.says}`.includes(says));
  expect([says, ...found.map((each) => each.level)]).toEqual([says, level]);
  for (const each of verdicts) expect(each.remedy !== undefined).toBe(each.level !== "ok");
}

test.each<[Fact<string>, Network, Level, string]>([
  [{ value: "v1.33.4-gke.1000" }, staging, "ok", "is v1.33.4-gke.1000"],
  [{ value: "v1.32.9" }, staging, "error", "the network says 1.33 or newer"],
  [{ value: "v1.29.0" }, staging, "error", "before 1.30 no pod can wait before it stops"],
  [{ value: "v1.31.0" }, local, "warning", "objects are checked against 1.33 to 1.37 alone"],
  [{ value: "v1.38.0" }, staging, "warning", "objects are checked against 1.33 to 1.37 alone"],
  [{ unknown: "no permission" }, staging, "warning", "does not tell its version"],
])("version %j", (fact, network, level, says) => {
  expectVerdict(judgeVersion(network, fact), level, says);
});

describe("kinds", () => {
  const sealed = { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", metadata: { name: "a" } };
  const subject = { objects: [sealed], argocdObjects: [] };
  test.each<[string, Fact<string[]>, Level, string]>([
    ["served", { value: ["SealedSecret"] }, "ok", "all 1 that the network has are known"],
    ["missing", { value: [] }, "error", "SealedSecret of bitnami.com/v1alpha1 is not known"],
    ["unknown", { unknown: "no permission" }, "warning", "may be missing (no permission)"],
  ])("%s", (_, fact, level, says) => {
    expectVerdict(judgeKinds(subject, new Map([["bitnami.com/v1alpha1", fact]])), level, says);
  });
});

describe("Argo CD", () => {
  const committed = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "mezo-staging" },
    spec: { project: "a", list: [{ name: "x", v: 1 }] },
  };
  const facts = (version: string | undefined, live: Fact<object | undefined>) => ({
    version: { value: version },
    objects: [{ committed, live }],
  });
  const same = { value: { spec: { list: [{ v: 1, name: "x" }], project: "a" } } };
  test.each<[string, string | undefined, Fact<object | undefined>, Level, string]>([
    ["new enough", "v3.5.1", same, "ok", "Argo CD is v3.5.1"],
    ["newer", "v4.0.0", same, "ok", "Argo CD is v4.0.0"],
    ["too old", "v3.4.9", same, "error", "waves and gates need 3.5 or newer"],
    ["elsewhere", undefined, same, "warning", "no pod of its application controller is found"],
    [
      "the Application as committed, in another order",
      "v3.5.1",
      same,
      "ok",
      "Application mezo-staging is the one that is committed",
    ],
    ["no Application", "v3.5.1", { value: undefined }, "error", "Application mezo-staging is not in the cluster"],
    [
      "another Application",
      "v3.5.1",
      { value: { spec: { project: "a", list: [{ name: "x", v: 2 }], more: 1 } } },
      "error",
      "not the one that is committed: spec.list[x].v, spec.more",
    ],
    ["no permission", "v3.5.1", { unknown: "no permission" }, "warning", "is not shown (no permission)"],
  ])("%s", (_, version, live, level, says) => {
    expectVerdict(judgeArgocd(staging, facts(version, live)), level, says);
  });

  test("its version is its image's tag, also beside a digest", () => {
    const pods = (image: string) => ({ items: [{ spec: { containers: [{ image }] } }] });
    expect(versionIn(pods("quay.io:443/argoproj/argocd:v3.5.1@sha256:00"))).toBe("v3.5.1");
    expect(versionIn({ items: [] })).toBeUndefined();
  });
});

describe("storage", () => {
  const fine = {
    metadata: { name: "premium-rwo" },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
  const standard = {
    ...fine,
    metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  };
  test.each<[string, Network, Fact<object[]>, Level, string]>([
    ["as it must be", staging, { value: [fine] }, "ok", "class premium-rwo makes volumes where the pods run"],
    ["missing", staging, { value: [standard] }, "error", "has no class premium-rwo"],
    ["the default", local, { value: [fine, standard] }, "ok", "class standard makes volumes"],
    ["without a default", local, { value: [fine] }, "error", "has no default class"],
    [
      "bound at once",
      staging,
      { value: [{ ...fine, volumeBindingMode: "Immediate" }] },
      "warning",
      "before the pod's machine is known",
    ],
    ["fixed in size", staging, { value: [{ ...fine, allowVolumeExpansion: false }] }, "warning", "lets no volume grow"],
    ["not shown", staging, { unknown: "no permission" }, "warning", "shows no classes (no permission)"],
  ])("%s", (_, network, fact, level, says) => {
    expectVerdict(judgeStorage(network, fact), level, says);
  });
});

describe("machines", () => {
  const machine = (name: string, validators: string[] = [], change: Partial<MachineFacts> = {}): MachineFacts => ({
    name,
    zone: `zone-${name}`,
    isOpen: true,
    has: { cpu: 8, memory: 27.6 * GiB },
    others: { cpu: 1, memory: 2 * GiB },
    keyless: { cpu: 0, memory: 0 },
    validators,
    ...change,
  });
  const three = [machine("a", ["v-0"]), machine("b", ["v-1"]), machine("c", ["v-2"])];
  const full = { others: { cpu: 1, memory: 20 * GiB } };
  test.each<[string, Network, MachineFacts[], Level, string]>([
    ["have room", staging, three, "ok", "have room for all 5 validators (3 are open; each asks for 2 CPU and 10Gi)"],
    [
      "are full",
      staging,
      [machine("a"), machine("b"), machine("c", [], full)],
      "error",
      "have room for 4 of 5 validators",
    ],
    ["are too few apart", { ...staging, spread: "required" }, three, "error", "have room for 3 of 5 validators"],
    [
      "are closed",
      staging,
      [...three.slice(1), machine("a", [], { isOpen: false })],
      "error",
      "are 2; gke.nodes says 3",
    ],
    [
      "carry more than is written",
      staging,
      [machine("a", [], { others: { cpu: 1, memory: 7 * GiB } }), machine("b"), machine("c")],
      "warning",
      "request 1 CPU and 7.0 GiB; gke.reserved says 3 CPU and 6.0 GiB",
    ],
    [
      "carry two",
      staging,
      [machine("a", ["v-0", "v-1"]), machine("b"), machine("c")],
      "warning",
      "a carries v-0, v-1: the chain tolerates 1 down",
    ],
    [
      "carry two and may not",
      { ...staging, spread: "required" },
      [machine("a", ["v-0", "v-1"])],
      "error",
      "a carries v-0, v-1",
    ],
    ["carry one each", staging, three, "ok", "3 carry the validators, in 3 zones"],
    ["carry none", staging, [machine("a"), machine("b"), machine("c")], "ok", "carry no validator yet"],
  ])("%s", (_, network, facts, level, says) => {
    expectVerdict(judgeMachines(network, { value: facts }), level, says);
  });

  test("facts of a machine: what others request, and which validators are there", () => {
    const node = {
      metadata: { name: "a", labels: { "topology.kubernetes.io/zone": "z" } },
      status: { allocatable: { cpu: "7910m", memory: "28Gi" }, conditions: [{ type: "Ready", status: "True" }] },
    };
    const pod = (name: string, labels: object, containers: object[], initContainers: object[] = []) => ({
      metadata: { name, namespace: staging.namespace, labels },
      spec: { nodeName: "a", containers, initContainers },
    });
    const asks = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
    const pods = [
      pod("mezo-node-0-0", { app: "mezo", type: "node" }, [asks("2", "10Gi")]),
      pod("other", {}, [asks("100m", "1Gi"), asks("100m", "1Gi"), {}], [asks("50m", "3Gi")]),
      // A sidecar counts with the containers, and with what starts after it.
      pod(
        "mezo-rpc-node-0",
        { app: "mezo", type: "rpc-node" },
        [asks("1", "2Gi")],
        [asks("2", "1Gi"), { ...asks("500m", "1Gi"), restartPolicy: "Always" }, asks("100m", "3Gi")],
      ),
      { ...pod("elsewhere", {}, [asks("1", "1Gi")]), spec: { nodeName: "b", containers: [] } },
    ];
    expect(machineFacts(staging, [node], pods)).toEqual([
      {
        name: "a",
        zone: "z",
        isOpen: true,
        has: { cpu: 7.91, memory: 28 * GiB },
        others: { cpu: 0.2, memory: 3 * GiB },
        keyless: { cpu: 2, memory: 4 * GiB },
        validators: ["mezo-node-0-0"],
      },
    ]);
  });
});

test.each<[string, Network, Fact<string | undefined>, Level, string]>([
  [
    "as the network says",
    onGke({ networkPolicies: "enforced" }),
    { value: "Dataplane V2" },
    "ok",
    "are enforced by Dataplane V2",
  ],
  ["though the network says no", staging, { value: "Calico" }, "warning", "and the network says that they are ignored"],
  [
    "by nothing, as the network says",
    staging,
    { value: undefined },
    "warning",
    "are enforced by nothing that is known",
  ],
  [
    "by nothing, though the network counts on it",
    onGke({ networkPolicies: "enforced" }),
    { value: undefined },
    "error",
    "and the network counts on them",
  ],
  ["nobody knows", staging, { unknown: "no permission" }, "warning", "may be enforced or not"],
])("policies are enforced: %s", (_, network, fact, level, says) => {
  expectVerdict(judgeEnforcer(network, fact), level, says);
});

describe("addresses and certificates", () => {
  const facts = (): {
    addresses: { value: { name: string; region: string; address: string }[] };
    certificates: { value: { name: string; state: string }[] };
  } => ({
    addresses: {
      value: [
        ...[0, 1, 2, 3, 4].map((i) => ({
          name: `mezo-staging-node-${i}-external-ip`,
          region: "us-central1",
          address: staging.validators[i]?.address ?? "",
        })),
        ...["mezo-staging-rpc-external-ip", "mezo-staging-rpc-ws-external-ip"].map((name) => ({
          name,
          region: "",
          address: "192.0.2.1",
        })),
      ],
    },
    certificates: {
      value: ["mezo-staging-rpc-ssl-certificate", "mezo-staging-rpc-ws-ssl-certificate"].map((name) => ({
        name,
        state: "ACTIVE",
      })),
    },
  });
  test.each<[string, (all: ReturnType<typeof facts>) => unknown, Level, string]>([
    ["all reserved", () => {}, "ok", "all 7 that the network names are reserved"],
    [
      "one lacks",
      ({ addresses }) => addresses.value.splice(0, 1),
      "error",
      "lack mezo-staging-node-0-external-ip in region us-central1",
    ],
    [
      "one is global",
      ({ addresses }) => Object.assign(addresses.value[0] ?? {}, { region: "" }),
      "error",
      "lack mezo-staging-node-0-external-ip in region us-central1",
    ],
    [
      "a certificate lacks",
      ({ certificates }) => certificates.value.pop(),
      "error",
      "lack mezo-staging-rpc-ws-ssl-certificate",
    ],
    [
      "a certificate is not made yet",
      ({ certificates }) => Object.assign(certificates.value[0] ?? {}, { state: "PROVISIONING" }),
      "warning",
      "which is PROVISIONING",
    ],
    [
      "no gcloud",
      (all) => Object.assign(all, { addresses: { unknown: "gcloud is not on this machine" } }),
      "warning",
      "addresses were not looked at: gcloud is not on this machine",
    ],
  ])("%s", (_, change, level, says) => {
    const all = facts();
    change(all);
    expectVerdict(judgeCloud(staging, all as CloudFacts), level, says);
  });

  test("another address than the one that is written", () => {
    const [first, ...rest] = staging.validators;
    const network = {
      ...staging,
      validators: [{ ...(first as NonNullable<typeof first>), address: "192.0.2.7" }, ...rest],
    };
    const { addresses, certificates } = facts();
    Object.assign(addresses.value[0] ?? {}, { address: "192.0.2.8" });
    expectVerdict(
      judgeCloud(network, { addresses, certificates }),
      "error",
      "have 192.0.2.8 as mezo-staging-node-0-external-ip; validators.json says 192.0.2.7",
    );
  });
});

describe("objects, tried over the live ones", () => {
  const object = (change: Partial<ObjectFacts>): ObjectFacts => ({
    object: "Service mezo-rpc",
    isThere: true,
    changes: [],
    conflicts: [],
    shared: [],
    ...change,
  });
  test.each<[string, Partial<ObjectFacts>, Level, string]>([
    ["as committed", {}, "ok", "1 of 1 are as they are committed"],
    ["new", { isThere: false }, "ok", "1 of 1 are new, and the API server would take them"],
    ["changed", { changes: ["spec.type"] }, "ok", "Service mezo-rpc would change: spec.type"],
    [
      "of another client",
      { conflicts: [".spec.type (terraform)", ".spec.a (kubectl-client-side-apply)"] },
      "warning",
      "has fields of other clients: .spec.type (terraform)",
    ],
    [
      "shared with another client",
      { shared: [".spec.a (kubectl-client-side-apply)", ".spec.type (kubectl)", ".spec.b (kubectl)"] },
      "warning",
      "has fields that another client would keep: .spec.type (kubectl) and 1 more",
    ],
    [
      "immutable",
      { refusal: { code: 422, message: "spec: Forbidden: updates to statefulset spec for fields other than …" } },
      "error",
      "would be refused: spec: Forbidden",
    ],
    [
      "without a namespace",
      { isThere: false, refusal: { code: 404, message: 'namespaces "a" not found' } },
      "ok",
      "the first sync makes its namespace",
    ],
    ["not tried", { unknown: "no permission" }, "warning", "1 of 1 were not tried (no permission)"],
  ])("%s", (_, change, level, says) => {
    expectVerdict(judgeObjects([object(change)]), level, says);
  });

  test("fields that kubectl applied are no conflict to speak of: Argo CD takes them over", () => {
    const verdicts = judgeObjects([object({ conflicts: [".spec.a (kubectl-client-side-apply)"] })]);
    expect(verdicts.map(({ level }) => level)).toEqual(["ok"]);
  });

  test("a field is shared with each other client that has it, and with no controller's status", () => {
    const fieldsV1 = {
      "f:spec": {
        "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {} } },
        "f:finalizers": { 'v:"a"': {} },
      },
    };
    const managedFields = [
      { manager: "argocd-controller", operation: "Apply", fieldsV1 },
      { manager: "kubectl", operation: "Apply", fieldsV1: { "f:spec": { "f:type": {}, ...fieldsV1["f:spec"] } } },
      { manager: "kube-controller-manager", operation: "Update", subresource: "status", fieldsV1 },
    ];
    expect(sharedFields({ metadata: { managedFields } }, "argocd-controller")).toEqual([
      ".spec.ports[port=80,protocol=TCP].port (kubectl)",
      '.spec.finalizers["a"] (kubectl)',
    ]);
    expect(sharedFields({ metadata: {} }, "argocd-controller")).toEqual([]);
  });

  test("a refusal quotes no whole objects", () => {
    const message = 'StatefulSet.apps "a" is invalid: spec.x: Invalid value: [{"a":{"b":[1]}}]: field is immutable';
    expect(withoutValues(message)).toBe('StatefulSet.apps "a" is invalid: spec.x: field is immutable');
    const short = 'Service "a" is invalid: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535';
    expect(withoutValues(short)).toBe(short);
  });

  test("a conflict names the field and the client", () => {
    const causes = [
      {
        reason: "FieldManagerConflict",
        message: 'conflict with "kubectl-create" using apps/v1',
        field: ".spec.replicas",
      },
    ];
    expect(conflictsIn({ details: { causes } })).toEqual([".spec.replicas (kubectl-create)"]);
  });
});

describe("the two pods", () => {
  const fine = { value: { code: 0, says: "v0.2.0-rc3" } };
  const denied = { value: { code: 1, says: "connection refused" } };
  test.each<[string, Network, Parameters<typeof judgeTrials>[1], Level, string]>([
    ["run and are kept out", staging, { image: fine, allowed: fine, policy: denied }, "ok", "can be pulled, and runs"],
    ["kept out", staging, { image: fine, allowed: fine, policy: denied }, "ok", "kept a pod from a validator's rpc"],
    [
      "no image",
      staging,
      { image: { unknown: "ErrImagePull: denied" }, allowed: fine, policy: denied },
      "error",
      "does not run: ErrImagePull: denied",
    ],
    [
      "no mezod",
      staging,
      { image: { value: { code: 127, says: "not found" } }, allowed: fine, policy: denied },
      "error",
      "runs no mezod: it ended with 127 not found",
    ],
    [
      "let through, as the network says",
      staging,
      { image: fine, allowed: fine, policy: fine },
      "warning",
      "let a pod reach a validator's rpc that must not",
    ],
    [
      "let through",
      onGke({ networkPolicies: "enforced" }),
      { image: fine, allowed: fine, policy: fine },
      "error",
      "let a pod reach a validator's rpc that must not",
    ],
    [
      "a pod that may get through does not either",
      staging,
      { image: fine, allowed: denied, policy: denied },
      "warning",
      "does not reach it either (connection refused)",
    ],
    [
      "the pod that may get through does not run",
      staging,
      { image: fine, allowed: { unknown: "ErrImagePull" }, policy: denied },
      "warning",
      "does not reach it either (ErrImagePull)",
    ],
    [
      "nobody to ask",
      staging,
      { image: fine, allowed: undefined, policy: undefined },
      "warning",
      "were not tried: no validator is ready",
    ],
  ])("%s", (_, network, facts, level, says) => {
    expectVerdict(judgeTrials(network, facts), level, says);
  });

  test("have no token and no privilege, end by themselves, and match no Service", () => {
    const { metadata, spec } = trialPod(staging, "mezo-check-policy", { app: "mezo" }, { ask: ["mezod"] }, 60_000);
    expect(metadata.labels).toEqual({ app: "mezo" });
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      activeDeadlineSeconds: 60,
    });
    expect(spec.containers[0]?.securityContext).toMatchObject({ allowPrivilegeEscalation: false });
  });
});
