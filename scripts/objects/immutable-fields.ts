import type { Manifest } from "./manifests.ts";

/** The part of an object that the API server refuses to change, as a value to compare. */
type Fixed = (object: Spec) => unknown;

// biome-ignore lint/suspicious/noExplicitAny: fields of objects of every kind.
type Spec = Manifest & Record<string, any>;

const all = () => true;

/** A group of fields: what the object says there, and where the API server compares it. */
interface Field {
  path: string;
  value: Fixed;
  /** Whether the field is immutable between two objects; between any two unless given. */
  applies?: (before: Spec, now: Spec) => boolean;
}

const at = (path: string, applies: Field["applies"] = all): Field => ({
  path,
  applies,
  value: (object) => path.split(".").reduce<unknown>((value, key) => (value as Spec | undefined)?.[key], object),
});

const inSpec = (...names: string[]) => names.map((name) => at(`spec.${name}`));

// Kubernetes 1.29 lists these alone. Newer versions also let revisionHistoryLimit change.
const mutableOfStatefulSet = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

/** Every field of a spec but some, with the API server's defaults, so that writing out a default is no change. */
const specBut = (mutable: readonly string[], defaults: Record<string, unknown> = {}): Field => ({
  path: "spec",
  value: ({ spec }) =>
    Object.fromEntries(Object.entries({ ...defaults, ...spec }).filter(([name]) => !mutable.includes(name))),
});

// The API server fills these in.
const withoutType = ({ apiVersion, kind, ...claim }: Record<string, unknown>) => claim;

const statefulSet: Field = {
  path: "spec",
  value: (object) => {
    const fixed = specBut(mutableOfStatefulSet, { podManagementPolicy: "OrderedReady", revisionHistoryLimit: 10 });
    const { volumeClaimTemplates = [], ...rest } = fixed.value(object) as Spec;
    return { ...rest, volumeClaimTemplates: volumeClaimTemplates.map(withoutType) };
  },
};

const isLoadBalancer = (...services: Spec[]) => services.every(({ spec }) => spec?.type === "LoadBalancer");
const isExternalName = ({ spec }: Spec) => spec?.type === "ExternalName";
const hasAddress = (before: Spec, now: Spec) => !isExternalName(before) && !isExternalName(now);
const isImmutable = (before: Spec) => before.immutable === true;
const sealedContent = ["immutable", "data", "binaryData", "stringData"].map((path) => at(path, isImmutable));

/** What the API server refuses to change, by kind. Hooks are left out: Argo CD deletes them before it makes them anew. */
const immutable: Record<string, readonly Field[]> = {
  StatefulSet: [statefulSet],
  Deployment: inSpec("selector"),
  DaemonSet: inSpec("selector"),
  ReplicaSet: inSpec("selector"),
  Job: inSpec("template", "selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy"),
  Service: [
    at("spec.clusterIP", hasAddress),
    at("spec.clusterIPs", hasAddress),
    at("spec.ipFamilies", hasAddress),
    at("spec.loadBalancerClass", isLoadBalancer),
    at("spec.healthCheckNodePort", isLoadBalancer),
  ],
  ConfigMap: sealedContent,
  Secret: [at("type"), ...sealedContent],
  SealedSecret: [at("spec.template.type")],
  PersistentVolumeClaim: [specBut(["resources", "volumeAttributesClassName"], { volumeMode: "Filesystem" })],
  PersistentVolume: [at("spec.csi"), at("spec.nodeAffinity")],
  StorageClass: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"].map((path) => at(path)),
  IngressClass: inSpec("controller"),
  PriorityClass: ["value", "preemptionPolicy"].map((path) => at(path)),
  RuntimeClass: [at("handler")],
  RoleBinding: [at("roleRef")],
  ClusterRoleBinding: [at("roleRef")],
  CSIDriver: inSpec("attachRequired", "fsGroupPolicy"),
};

/** A field that an object can't take in place. */
export interface ImmutableChange {
  path: string;
  was: unknown;
  is: unknown;
}

/** The immutable fields in which an object differs from what it was, down to the first that differ. */
export const immutableChanges = (before: Manifest, now: Manifest): ImmutableChange[] =>
  (immutable[now.kind] ?? []).flatMap(({ path, value, applies = all }) =>
    applies(before as Spec, now as Spec) ? differences(path, value(before as Spec), value(now as Spec)) : [],
  );

function differences(path: string, was: unknown, is: unknown): ImmutableChange[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (!isObject(was) || !isObject(is)) return [{ path, was, is }];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const isList = Array.isArray(was);
  return names.flatMap((name) => differences(isList ? `${path}[${name}]` : `${path}.${name}`, was[name], is[name]));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
