import rule from "scripts/rules/pods/valid-snapshots.ts";
import { expect, test } from "vitest";
import { built } from "../../../support/releases.ts";
import { type Any, copied, findings, staging } from "../../../support/rules/overlay.ts";
import { localWithSnapshots, withSnapshots } from "../../../support/snapshots.ts";

const network = withSnapshots();
const { manifests } = await built(network);
const overlay = () => copied(manifests);

/** What the rule finds after a change of one object. */
function after(id: string, change: (object: Any) => void): string[] {
  const { manifests, object } = overlay();
  change(object(id));
  return findings(rule, manifests, network);
}

test("staging passes, and so do networks with snapshots", async () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, overlay().manifests, network)).toEqual([]);
  const local = localWithSnapshots();
  expect(findings(rule, (await built(local)).manifests, local)).toEqual([]);
});

test.each(["ServiceAccount", "Role", "RoleBinding", "CronJob", "VolumeSnapshotClass"])(
  "a %s that is not there, one too many, and one where nobody makes snapshots",
  (kind) => {
    const { manifests, object, remove } = overlay();
    const name = kind === "VolumeSnapshotClass" ? "mezo-staging-snapshots" : "mezo-snapshots";
    const one = structuredClone(object(`${kind}/${name}`));
    remove(`${kind}/${name}`);
    expect(findings(rule, manifests, network)).toEqual([`${kind}/${name} : there must be one; there are 0`]);
    manifests.push(one, { ...one, metadata: { ...one.metadata, name: "other" } });
    expect(findings(rule, manifests, network)).toEqual([`${kind}/other : the network has no such object`]);
    expect(findings(rule, [...staging().manifests, one])[0]).toBe(`${kind}/${name} : the network has no such object`);
  },
);

test("the account may make, see and delete snapshots in its namespace, and nothing else", () => {
  const widened = after("Role/mezo-snapshots", ({ rules: [rule] }) => {
    rule.verbs.push("patch");
    rule.resources.push("persistentvolumeclaims");
  });
  expect(widened).toEqual([
    "Role/mezo-snapshots rules[0].resources[1]: must not be there: persistentvolumeclaims",
    "Role/mezo-snapshots rules[0].verbs[5]: must not be there: patch",
  ]);
  const more = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
  expect(after("Role/mezo-snapshots", ({ rules }) => rules.push(more))).toHaveLength(1);
  expect(after("RoleBinding/mezo-snapshots", ({ roleRef }) => (roleRef.name = "admin"))).toEqual([
    "RoleBinding/mezo-snapshots roleRef.name: must be mezo-snapshots, is admin",
  ]);
});

test("the class deletes the disks' copies, and is of the network's driver", () => {
  const id = "VolumeSnapshotClass/mezo-staging-snapshots";
  expect(after(id, (object) => Object.assign(object, { deletionPolicy: "Retain", driver: "other" }))).toEqual([
    `${id} driver: must be pd.csi.storage.gke.io, is other`,
    `${id} deletionPolicy: must be Delete, is Retain`,
  ]);
});

test("the job names the class that is there, and volumes that pods write", () => {
  const env = (job: Any) => job.spec.jobTemplate.spec.template.spec.containers[0].env;
  const at = "CronJob/mezo-snapshots spec.jobTemplate.spec.template.spec.containers[0].env";
  expect(after("CronJob/mezo-snapshots", (job) => (env(job)[4].value = "standard"))).toEqual([
    `${at}[4].value: must be mezo-staging-snapshots, is standard`,
  ]);
  expect(after("StatefulSet/mezo-node-3", (set) => (set.spec.replicas = 0))).toEqual([
    `${at}[3].value: must name volumes that a pod of the overlay writes; none does mezo-node-3-0=mezo-node-data-mezo-node-3-0`,
  ]);
  expect(
    after("StatefulSet/mezo-rpc-node", (set) => (set.spec.volumeClaimTemplates[0].metadata.name = "data")),
  ).toEqual([
    `${at}[3].value: must name volumes that a pod of the overlay writes; none does mezo-rpc-node-0=mezo-rpc-node-data-mezo-rpc-node-0`,
  ]);
});
