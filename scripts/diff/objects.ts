import { tomlFiles } from "generators/network/names.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Tree } from "generators/tree.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { stableName } from "../lib/finding.ts";
import { identity, type Manifest, ofKind } from "../objects/manifests.ts";
import { mountedFile, validatorSets } from "../objects/validators.ts";
import { fileChanges } from "./content.ts";
import { type FieldChange, fieldChanges } from "./fields.ts";

/** An object that is not what it was. A ConfigMap that got another name with its content is one object. */
export interface ChangedObject {
  /** "Kind/name", without the hash of the content. */
  id: string;
  /** The object before; undefined where it is new. */
  was?: Manifest | undefined;
  /** The object now; undefined where it goes. */
  is?: Manifest | undefined;
  fields: readonly FieldChange[];
}

/** Both sides of a comparison: an overlay's objects, and the files of its keystores folder. */
export interface Side {
  manifests: readonly Manifest[];
  keystores: Tree;
}

/** The objects of an overlay that differ between two commits, in the order in which Kustomize writes them. */
export function changedObjects(network: string, was: Side, is: Side): ChangedObject[] {
  const [before, now] = [byIdentity(was.manifests), byIdentity(is.manifests)];
  const [nameBefore, nameNow] = [unhashed(was.manifests), unhashed(is.manifests)];
  const renamed = renamedIn(before, now);
  return [...new Set([...now.keys(), ...before.keys()])].flatMap((key) => {
    const [one, other] = [before.get(key), now.get(key)];
    const id = stableName(`${(other ?? one)?.kind}/${(other ?? one)?.metadata.name}`);
    if (!one || !other) return [{ id, was: one, is: other, fields: [] }];
    if (isSecret(other))
      return secretChange(
        id,
        one,
        other,
        [was, is].map(({ keystores }) => digestOf(keystores, network, other)),
      );
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const [plainOne, plainOther] = [nameBefore(one), nameNow(other)];
    const files = fileChanges((plainOne as ConfigMap).data, (plainOther as ConfigMap).data);
    const fields = fieldChanges(...([plainOne, plainOther].map(withoutData) as [object, object]));
    return [
      {
        id,
        was: one,
        is: other,
        fields: [
          ...mounted(one, renamed),
          ...movedFiles(was, is, one, other),
          ...fields,
          ...(one.kind === "ConfigMap" ? files : []),
        ],
      },
    ];
  });
}

/** What the API server takes for one object, without the hash by which a ConfigMap's name follows its content. */
const stableIdentity = (manifest: Manifest) => {
  const parts = identity(manifest).split("/");
  return [...parts.slice(0, 3), stableName(`${manifest.kind}/${manifest.metadata.name}`)].join("/");
};

const byIdentity = (manifests: readonly Manifest[]) => new Map(manifests.map((each) => [stableIdentity(each), each]));

/** Takes the hashes out of an object, in its own name and wherever it names a ConfigMap. */
function unhashed(manifests: readonly Manifest[]): (manifest: Manifest) => Manifest {
  const names = new Map(
    ofKind(manifests, "ConfigMap").map(({ metadata: { name } }) => [
      name,
      stableName(`ConfigMap/${name}`).slice("ConfigMap/".length),
    ]),
  );
  const plain = (value: unknown): unknown => {
    if (typeof value === "string") return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  };
  return (manifest) => plain(manifest) as Manifest;
}

/** ConfigMaps whose content changed, with the name that they had. */
function renamedIn(
  before: ReadonlyMap<string, Manifest>,
  now: ReadonlyMap<string, Manifest>,
): [was: string, id: string][] {
  return [...before].flatMap(
    ([
      key,
      {
        kind,
        metadata: { name },
      },
    ]): [string, string][] => {
      const other = now.get(key);
      return kind === "ConfigMap" && other && other.metadata.name !== name
        ? [[name, stableName(`${kind}/${name}`)]]
        : [];
    },
  );
}

/** What a validator reads in files of another ConfigMap than before, such as one of its own. */
function movedFiles(was: Side, is: Side, one: Manifest, other: Manifest): FieldChange[] {
  const [before, now] = [validatorSets(was.manifests), validatorSets(is.manifests)];
  const [then, next] = [before.find((each) => each === one), now.find((each) => each === other)];
  if (!then || !next) return [];
  return tomlFiles.flatMap((file) => {
    const [from, to] = [mountedFile(was.manifests, then, file), mountedFile(is.manifests, next, file)];
    const ids = [from, to].map((each) => stableName(`ConfigMap/${each?.configMap.metadata.name}`));
    return from && to && ids[0] !== ids[1] ? fileChanges({ [file]: from.text }, { [file]: to.text }) : [];
  });
}

/** What an object gets of ConfigMaps that have changed. */
function mounted(was: Manifest, renamed: readonly [was: string, id: string][]): FieldChange[] {
  if (was.kind === "ConfigMap") return [];
  const text = JSON.stringify(was);
  const ids = renamed.filter(([name]) => text.includes(JSON.stringify(name))).map(([, id]) => id);
  return ids.map((id) => ({ path: "spec.template", note: `takes the new content of ${id}` }));
}

const isSecret = ({ kind }: Manifest) => kind === "SealedSecret" || kind === "Secret";

/** Of a Secret nobody may see more than that it changed. The lock knows whether the content did, or its sealing alone. */
function secretChange(id: string, was: Manifest, is: Manifest, [before, now]: (string | undefined)[]): ChangedObject[] {
  if (JSON.stringify(was) === JSON.stringify(is) && before === now) return [];
  const note = before !== undefined && before === now ? "is sealed anew, with the same content" : "the content changed";
  const fields = fieldChanges(metadataOf(was), metadataOf(is)).map(({ path }) => ({ path, note: "changed" }));
  return [{ id, was, is, fields: [{ path: "", note }, ...fields] }];
}

const metadataOf = ({ metadata }: Manifest) => ({ metadata });

const withoutData = (manifest: Manifest) => {
  if (manifest.kind !== "ConfigMap") return manifest;
  const { data, ...rest } = manifest as Manifest & ConfigMap;
  return rest;
};

/** The digest by which a network's lock knows a Secret's content; undefined where there is none, or the lock is broken. */
function digestOf(keystores: Tree, network: string, { metadata: { name } }: Manifest): string | undefined {
  try {
    return JSON.parse(keystores.get(lockFile(network)) ?? "{}").secrets?.[name]?.content;
  } catch {
    return undefined;
  }
}
