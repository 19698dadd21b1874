import { type KeylessKind, keylessKinds } from "generators/network/keyless.ts";
import { valueAt } from "generators/network/problem.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { StatefulSet, StatefulSetSpec } from "kubernetes-types/apps/v1.js";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { parse, type TomlTable } from "smol-toml";
import { type Manifest, ofKind, sibling, volumeSources } from "./manifests.ts";

/** The StatefulSet of a validator, which the label that all validators share tells apart from others. */
export type ValidatorSet = Manifest & StatefulSet & { spec: StatefulSetSpec };

/** The validators of an overlay. */
export const validatorSets = (manifests: readonly Manifest[]) =>
  ofKind<ValidatorSet>(manifests, "StatefulSet").filter(({ metadata }) => metadata.labels?.type === "node");

/** The StatefulSets of nodes without keys, each with its kind. */
export const keylessNodes = (manifests: readonly Manifest[]) =>
  ofKind<ValidatorSet>(manifests, "StatefulSet").flatMap((set) => {
    const kind = keylessKinds.find((each) => each === set.metadata.labels?.type);
    return kind ? [{ kind, set }] : [];
  });

/** Every StatefulSet whose pods run a node. */
export const nodeSets = (manifests: readonly Manifest[]): ValidatorSet[] => [
  ...validatorSets(manifests),
  ...keylessNodes(manifests).map(({ set }) => set),
];

/** The container that runs the node: the first one. A sidecar comes after it. */
export const nodeContainer = ({ spec }: ValidatorSet) => spec.template.spec?.containers[0];

/** The text of a file that a validator mounts from a ConfigMap, and the ConfigMap; undefined where there is none. */
export function mountedFile(manifests: readonly Manifest[], validator: ValidatorSet, file: string) {
  for (const { source } of volumeSources({ template: validator.spec.template, at: "spec.template" })) {
    const name = source.configMap?.name;
    const configMap = name === undefined ? undefined : sibling<ConfigMap>(manifests, validator, "ConfigMap", name);
    const text = configMap?.data?.[file];
    if (configMap && text !== undefined) return { configMap, text };
  }
  return undefined;
}

/** A TOML file, the ConfigMap that holds it, and who mounts it: a validator by its index, or nodes without keys. */
export interface MountedToml {
  configMap: Manifest;
  toml: TomlTable;
  validator?: number | undefined;
  keyless?: KeylessKind | undefined;
}

/**
 * The TOML files of one name that nodes mount, each once.
 *
 * @throws {OperatorError} when one is not TOML.
 */
export function tomlFiles(manifests: readonly Manifest[], file: string): MountedToml[] {
  const who = [
    ...validatorSets(manifests).map((set) => ({ set, validator: Number(set.metadata.labels?.id), keyless: undefined })),
    ...keylessNodes(manifests).map(({ kind, set }) => ({ set, validator: undefined, keyless: kind })),
  ];
  const mounted = who.flatMap(({ set, ...reader }) => {
    const found = mountedFile(manifests, set, file);
    return found ? [{ ...found, ...reader }] : [];
  });
  const byConfigMap = new Map(mounted.map((each) => [each.configMap, each]));
  return [...byConfigMap.values()].map(({ text, ...each }) => ({ ...each, toml: parsed(text, each.configMap, file) }));
}

/**
 * A setting in every TOML file of one name that nodes mount, its field, and who mounts it; the value is undefined where it is
 * missing.
 */
export const settingsAt = (manifests: readonly Manifest[], file: string, path: string) =>
  tomlFiles(manifests, file).map(({ toml, ...mounted }) => ({
    ...mounted,
    field: `${file} ${path}`,
    value: valueAt(toml, path.split(".")),
  }));

// Many rules read the same few files.
const tables = new Map<string, TomlTable>();

function parsed(text: string, { metadata }: Manifest, file: string): TomlTable {
  try {
    const table = tables.get(text) ?? parse(text);
    tables.set(text, table);
    return table;
  } catch (error) {
    throw new OperatorError(`ConfigMap/${metadata.name} ${file}: ${(error as Error).message.trim()}`);
  }
}
