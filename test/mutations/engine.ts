import { valueAt } from "generators/network/problem.ts";
import { toYaml } from "generators/yaml.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { rules } from "scripts/rules/index.ts";
import type { Rule } from "scripts/rules/rule.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { parse, stringify } from "smol-toml";
import { kubernetesVersions } from "tools/schemas.ts";
import type { Any } from "../support/rules/overlay.ts";

/** What validate knows about an overlay: its objects, its network where it has one, and its earlier commits. */
export interface Overlay {
  /** The release that staging has here, where that is not its own, or what else it has. */
  release?: string;
  manifests: readonly Manifest[];
  network?: Parameters<Rule["check"]>[1];
  before?: Parameters<Rule["check"]>[2];
}

/** A change of one field of one object. */
export interface Mutation {
  /** The same of the overlay that has the object. */
  release?: string;
  /** "Kind/name", for a ConfigMap without the hash that Kustomize appends. */
  object: string;
  /** A path as in findings: "config.toml p2p.laddr" is a key of a file, and "" the object itself. */
  field: string;
  /** The new value; undefined removes the field. */
  value: unknown;
}

/** What catches each mutation: ids of rules, and "schema <version>" for the schemas of a Kubernetes version. */
export async function catchers(overlays: readonly Overlay[], mutations: readonly Mutation[]): Promise<string[][]> {
  const mutants = mutations.map((mutation) => mutate(overlays, mutation));
  const refused = await bySchemas(mutants.map(({ object }) => object));
  // Rules are written for objects that fit their schemas.
  return mutants.map((mutant, i) => (refused[i]?.length ? refused[i] : byRules(mutant)));
}

/** The rules that find an error in an overlay. */
export const byRules = ({ manifests, network, before }: Overlay): string[] =>
  rules
    .filter((rule) => [...rule.check(manifests, network, before)].some(({ severity }) => severity === "error"))
    .map(({ id }) => id);

/** One run of kubeconform a version for all objects, which are told apart by their names: no schema looks at those. */
async function bySchemas(objects: readonly (Manifest | undefined)[]): Promise<string[][]> {
  const named = objects.flatMap((object, i) =>
    object ? [{ ...object, metadata: { ...object.metadata, name: `mutant-${i}` } }] : [],
  );
  const yaml = named.map(toYaml).join("---\n");
  const refused: string[][] = objects.map(() => []);
  for (const version of kubernetesVersions) {
    const found = new Set((await conform(version, yaml)).map(({ object }) => Number(object.split("/mutant-")[1])));
    if (found.has(Number.NaN)) throw new Error(`kubeconform ${version} did not check every mutant`);
    for (const i of found) refused[i]?.push(`schema ${version}`);
  }
  return refused;
}

/** The overlay that holds the object, with the mutation applied; the object is undefined when the mutation removes it. */
function mutate(overlays: readonly Overlay[], mutation: Mutation): Overlay & { object: Manifest | undefined } {
  const overlay = overlays.find(
    ({ manifests, release }) =>
      release === mutation.release && manifests.some((manifest) => isNamed(manifest, mutation.object)),
  );
  if (!overlay) throw new Error(`there is no ${mutation.object} to mutate`);
  const manifests = structuredClone([...overlay.manifests]);
  const position = manifests.findIndex((manifest) => isNamed(manifest, mutation.object));
  const object = manifests[position] as Any;
  const { field, value } = mutation;
  const [, file, inFile] = /^(\S+\.(?:toml|json)) (.+)$/.exec(field) ?? [];
  if (field === "") manifests.splice(position, 1);
  else if (file && inFile) object.data[file] = changedText(file, object.data[file], inFile, value);
  else put(object, field, value);
  return { ...overlay, manifests, object: field === "" ? undefined : object };
}

const isNamed = ({ kind, metadata: { name } }: Manifest, id: string) =>
  `${kind}/${kind === "ConfigMap" ? name.replace(/-[a-z0-9]{10}$/, "") : name}` === id;

function changedText(file: string, text: string, field: string, value: unknown): string {
  const [read, write] = file.endsWith(".toml") ? [parse, stringify] : [JSON.parse, JSON.stringify];
  const content = read(text) as Any;
  put(content, field, value);
  return write(content);
}

/** Puts a value at a path, or removes what is there. A mutation that changes nothing is a mistake in the table. */
function put(root: Any, field: string, value: unknown): void {
  const path = [...field.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const key = path.pop() ?? "";
  const parent = valueAt(root, path) as Any;
  if (typeof parent !== "object" || parent === null) throw new Error(`there is no ${field} to mutate`);
  if (JSON.stringify(parent[key]) === JSON.stringify(value)) throw new Error(`${field} has that value already`);
  if (value !== undefined) parent[key] = value;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
