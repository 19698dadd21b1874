import { appProject } from "generators/components/argocd.ts";
import type { Network } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { toYaml } from "generators/yaml.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, test } from "vitest";
import { withKeyless } from "../support/keyless.ts";
import { manyValidators } from "../support/networks.ts";
import { built, errors, withRelease } from "../support/releases.ts";
import { type Any, copied } from "../support/rules/overlay.ts";
import { localWithSnapshots, snapshots, withSnapshots } from "../support/snapshots.ts";

const objects = async (network: Network) => copied((await built(network)).manifests);
const ids = (manifests: readonly Manifest[]) => manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
const own = [
  "ServiceAccount/mezo-snapshots",
  "Role/mezo-snapshots",
  "RoleBinding/mezo-snapshots",
  "CronJob/mezo-snapshots",
  "NetworkPolicy/mezo-snapshots",
  "VolumeSnapshotClass/mezo-staging-snapshots",
];

const ofValidators = { ...snapshots, of: [{ validator: 0 }, { validator: 4 }] };
const longest = "a".repeat(29);

const variants: [string, Network][] = [
  ["of RPC nodes and validators", withSnapshots()],
  ["of validators alone", manyValidators(5, { snapshots: ofValidators })],
  ["without GKE", localWithSnapshots()],
  ["of a later release", withRelease("v12.0.0", { snapshots: ofValidators })],
  ["of an app with a long name", localWithSnapshots({ app: longest, validators: named(longest) })],
  ["collected by an operator", withSnapshots({ monitoring: { kind: "prometheus-operator", namespace: "monitoring" } })],
];

function named(app: string) {
  return localWithSnapshots().validators.map((each) => ({ ...each, moniker: `${app}-node-${each.index}` }));
}

describe.each(variants)("snapshots %s", async (_, network) => {
  const { manifests } = await objects(network);

  test("break no rule", () => {
    expect(errors(manifests, network)).toEqual([]);
  });

  test("fit the schemas", async () => {
    const yaml = manifests.map(toYaml).join("---\n");
    for (const version of kubernetesVersions) expect(await conform(version, yaml)).toEqual([]);
  });
});

test("to declare them changes no other object, and not one file of other components", async () => {
  const [before, after] = await Promise.all([objects(withKeyless()), objects(withSnapshots())]);
  const rules = "Rules/mezo-alerts";
  const added = ids(after.manifests).filter((id) => !ids(before.manifests).includes(id));
  expect(added.map((id) => id.replace(/-[a-z0-9]{10}$/, "")).sort()).toEqual(
    [...own, "ConfigMap/mezo-snapshots-scripts"].sort(),
  );
  for (const each of before.manifests.filter((each) => `${each.kind}/${each.metadata.name}` !== rules)) {
    expect(after.object(`${each.kind}/${each.metadata.name}`)).toEqual(each);
  }
  const names = (overlay: typeof before) => overlay.object(rules).spec.groups[0].rules.map(({ alert }: Any) => alert);
  expect(names(after).filter((name: string) => !names(before).includes(name))).toEqual(["SnapshotsTooOld"]);
  const [was, is] = [withKeyless(), withSnapshots()].map((network) => render([{ network }]));
  const changed = [...(is as NonNullable<typeof is>)].flatMap(([path, text]) =>
    was?.get(path) === text ? [] : [path],
  );
  expect(changed.filter((path) => !path.startsWith("overlays/staging/snapshots/")).sort()).toEqual([
    "overlays/argocd/staging-appproject.yaml",
    "overlays/staging/kustomization.yaml",
    "overlays/staging/monitoring/rules.yaml",
  ]);
});

test("the job knows each volume by its pod and its claim", async () => {
  const { object } = await objects(withSnapshots());
  const { spec } = object("CronJob/mezo-snapshots").spec.jobTemplate.spec.template;
  const [{ env, image }] = spec.containers;
  const value = (name: string) => env.find((each: Any) => each.name === name).value;
  expect(value("VOLUMES").split(" ")).toEqual([
    "mezo-rpc-node-0=mezo-rpc-node-data-mezo-rpc-node-0",
    "mezo-node-3-0=mezo-node-data-mezo-node-3-0",
  ]);
  expect([value("CLASS"), value("KEEP"), image]).toEqual(["mezo-staging-snapshots", "7", "alpine/kubectl:1.37.1"]);
});

test("the job's pod alone has a token, and meets the restricted standard", async () => {
  const { manifests } = await objects(withSnapshots());
  const pods = manifests.flatMap((each: Any) => {
    const template = (each.spec?.jobTemplate?.spec ?? each.spec)?.template;
    return template?.spec ? [[each.kind, template] as const] : [];
  });
  expect(pods.filter(([, { spec }]) => spec.automountServiceAccountToken).map(([kind]) => kind)).toEqual(["CronJob"]);
  const [[, template]] = pods.filter(([kind]) => kind === "CronJob") as [[string, Any]];
  // The label by which the policy that denies everything holds it.
  expect(template.metadata.labels.app).toBe("mezo");
  expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
  expect(template.spec.containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  });
});

test("the class is in no namespace, although Kustomize knows no custom kinds", async () => {
  for (const network of [withSnapshots(), localWithSnapshots()]) {
    const { manifests } = await objects(network);
    const [found] = manifests.filter(({ kind }) => kind === "VolumeSnapshotClass");
    expect(found?.metadata.namespace).toBeUndefined();
    expect(found).toMatchObject({ deletionPolicy: "Delete", driver: expect.stringMatching(/^(pd|hostpath)\.csi\./) });
  }
});

test("Argo CD's project allows the kinds that are rendered, and the class by its name, where they are", () => {
  const argocd = withSnapshots().argocd as NonNullable<Network["argocd"]>;
  const [plain, more] = [withKeyless(), withSnapshots()].map((network) => appProject({ ...network, argocd }).spec);
  const added = <Item>(of: readonly Item[] = [], over: readonly Item[] = []) =>
    of.filter((each) => !over.some((other) => JSON.stringify(other) === JSON.stringify(each)));
  expect(added(more?.clusterResourceWhitelist, plain?.clusterResourceWhitelist)).toEqual([
    { group: "snapshot.storage.k8s.io", kind: "VolumeSnapshotClass", name: "mezo-staging-snapshots" },
  ]);
  expect(added(more?.namespaceResourceWhitelist, plain?.namespaceResourceWhitelist)).toEqual([
    { group: "", kind: "ServiceAccount" },
    { group: "batch", kind: "CronJob" },
    { group: "rbac.authorization.k8s.io", kind: "Role" },
    { group: "rbac.authorization.k8s.io", kind: "RoleBinding" },
  ]);
});
