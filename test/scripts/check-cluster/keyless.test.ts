import { judgeCloud } from "scripts/check-cluster/cloud.ts";
import { judgeMachines } from "scripts/check-cluster/judge-machines.ts";
import { machineFacts } from "scripts/check-cluster/machines.ts";
import { judgeStorage } from "scripts/check-cluster/storage.ts";
import { expect, test } from "vitest";
import { everything, withKeyless } from "../../support/keyless.ts";

const said = (verdicts: { level: string; says: string }[]) => verdicts.map(({ level, says }) => `${level} ${says}`);

const ownClass = (name: string, isDefault = false) => ({
  metadata: {
    name,
    annotations: isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {},
  },
  volumeBindingMode: "WaitForFirstConsumer",
  reclaimPolicy: "Retain",
  allowVolumeExpansion: true,
});

test("each class of volumes is looked for, once", () => {
  const fact = { value: [ownClass("premium-rwo"), ownClass("standard", true)] };
  expect(said(judgeStorage(withKeyless(), fact))).toEqual([
    "ok class premium-rwo makes volumes where the pods run, and lets them grow",
    "ok class standard makes volumes where the pods run, and lets them grow",
  ]);
  expect(said(judgeStorage(withKeyless(), { value: [ownClass("premium-rwo")] }))).toContain(
    "error has no default class",
  );
});

test("the addresses of seeds, and of what RPC nodes expose, must be reserved in the region", () => {
  const nothing = { addresses: { value: [] }, certificates: { value: [] } };
  const lacking = said(judgeCloud(everything(), nothing));
  for (const name of ["rpc-node-external-ip", "seed-1-external-ip", "seed-2-external-ip"]) {
    expect(lacking).toContain(`error lack mezo-staging-${name} in region us-central1`);
  }
  expect(lacking.join()).not.toContain("seed-0");
});

test("pods of RPC nodes take room, and are none of the others that gke.reserved is about", () => {
  const network = withKeyless();
  const condition = { type: "Ready", status: "True" };
  const nodes = Array.from({ length: 5 }, (_, i) => ({
    metadata: { name: `m-${i}` },
    spec: {},
    status: { conditions: [condition], allocatable: { cpu: "8", memory: "27Gi" } },
  }));
  const pods = nodes.map(({ metadata }, i) => ({
    metadata: { name: `mezo-rpc-node-${i}`, namespace: "default", labels: { app: "mezo", type: "rpc-node" } },
    spec: { nodeName: metadata.name, containers: [{ resources: { requests: { cpu: "4", memory: "20Gi" } } }] },
  }));
  const facts = machineFacts(network, nodes, pods);
  expect(facts[0]).toMatchObject({ others: { cpu: 0, memory: 0 }, keyless: { cpu: 4, memory: 20 * 2 ** 30 } });
  const verdicts = said(judgeMachines(network, { value: facts }));
  expect(verdicts[0]).toContain("error have room for 0 of 5 validators");
  expect(verdicts.join()).not.toContain("gke.reserved says");
});
