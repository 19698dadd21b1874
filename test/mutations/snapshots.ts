import { withRpcNodes } from "./keyless.ts";
import { type Row, rowsOf } from "./row.ts";

const job = "spec.jobTemplate.spec";
const pod = `${job}.template.spec`;
const container = `${pod}.containers[0]`;
const removed = undefined;

/** The job that makes snapshots: what would give it more than it needs, lose copies, or make none. */
export const snapshots: Row[] = [
  ...rowsOf("CronJob/mezo-snapshots", [
    ["", removed, "nobody makes a copy", "valid-snapshots"],
    [`${pod}.serviceAccountName`, "default", "it has the rights of others", "valid-snapshots"],
    [
      `${pod}.volumes[2]`,
      { name: "keys", secret: { secretName: "mezo-node-0-keystore" } },
      "a pod with a token holds a validator's keys",
      "valid-snapshots",
    ],
    [`${container}.image`, "alpine/kubectl:latest", "another program has the token tomorrow", "require-pinned-image"],
    [
      `${container}.command`,
      ["/bin/sh", "-c", "kubectl delete volumesnapshots --all"],
      "every copy is deleted",
      "valid-snapshots",
    ],
    [
      `${container}.env[3].value`,
      "mezo-rpc-node-7=mezo-rpc-node-data-mezo-rpc-node-7",
      "a volume that is not there",
      "valid-snapshots",
    ],
    [
      `${container}.env[4].value`,
      "other",
      "the copies are of another class, and outlive the snapshots",
      "valid-snapshots",
    ],
    [`${container}.env[5].value`, "1", "all copies but one are deleted", "valid-snapshots"],
    [`${container}.env[2].value`, "local", "it deletes the copies of another network", "valid-snapshots"],
    [`${container}.resources.limits`, removed, "it takes the memory of a validator", "require-guaranteed-memory"],
    [`${pod}.volumes[0].configMap.name`, "mezo-scripts", "no script: nobody makes a copy", "no-missing-config-map"],
    ["spec.timeZone", removed, "it runs by the clock of the control plane", "valid-snapshots"],
    ["spec.suspend", true, "nobody makes a copy", "valid-snapshots"],
    ["spec.concurrencyPolicy", "Allow", "two jobs delete at a time", "valid-snapshots"],
    [`${job}.template.metadata.labels.type`, "node", "it has the ways of a validator", "valid-snapshots"],
  ]),
  ...rowsOf("Role/mezo-snapshots", [
    ["rules[0].resources[1]", "secrets", "it reads every key", "valid-snapshots"],
    ["rules[0].verbs[5]", "deletecollection", "it deletes all copies at once", "valid-snapshots"],
    ["rules[1]", { apiGroups: [""], resources: ["secrets"], verbs: ["get"] }, "it reads every key", "valid-snapshots"],
    ["", removed, "it may make no copy", "valid-snapshots"],
  ]),
  ...rowsOf("RoleBinding/mezo-snapshots", [
    ["roleRef.kind", "ClusterRole", "it has the rights of a role that others write", "valid-snapshots"],
    [
      "subjects[1]",
      { kind: "ServiceAccount", name: "default", namespace: "default" },
      "others can delete copies",
      "valid-snapshots",
    ],
    ["subjects[0].namespace", "other", "an account of another namespace can delete copies", "valid-snapshots"],
  ]),
  ...rowsOf("ServiceAccount/mezo-snapshots", [
    ["automountServiceAccountToken", true, "whatever pod takes the account has its token", "valid-snapshots"],
    ["imagePullSecrets", [{ name: "others" }], "it takes images that nobody has reviewed", "valid-snapshots"],
  ]),
  ...rowsOf("VolumeSnapshotClass/mezo-staging-snapshots", [
    ["deletionPolicy", "Retain", "copies of disks are left over, and paid for", "valid-snapshots"],
    ["driver", "hostpath.csi.k8s.io", "no copy is ever made", "valid-snapshots"],
    ["drivers", "x", "a field that is none", "schema"],
    ["metadata.namespace", "default", "it is in no namespace", "valid-snapshots"],
    ["metadata.name", "standard", "the class of others is changed", "no-disallowed-kinds"],
  ]),
  ...rowsOf("NetworkPolicy/mezo-snapshots", [
    ["", removed, "it reaches no API server", "valid-network-policies"],
    ["spec.egress[0].ports", removed, "a pod with a token reaches everything", "valid-network-policies"],
  ]),
  ...rowsOf("ConfigMap/mezo-snapshots-scripts", [
    ['data["snapshots.sh"]', "kubectl delete volumesnapshots --all", "every copy is deleted", "valid-scripts"],
    ["", removed, "nobody makes a copy", "valid-config-maps"],
  ]),
].map((row) => ({ ...row, release: withRpcNodes }));
