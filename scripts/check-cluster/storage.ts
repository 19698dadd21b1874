import { keylessSets } from "generators/network/keyless.ts";
import type { Network } from "generators/network/schema.ts";
import { type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

/** The cluster's StorageClasses. */
export const collectStorage = ({ api }: Subject): Promise<Fact<KubeObject[]>> =>
  factOf(api.request("/apis/storage.k8s.io/v1/storageclasses").then(({ items }) => items));

const isDefault = ({ metadata }: KubeObject) =>
  metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";

type Stored = Pick<Network, "storage" | "rpcNodes" | "seedNodes">;

const about = "storage";

/** Whether the nodes' volumes can be made, where their pods may run. */
export function judgeStorage(network: Stored, fact: Fact<KubeObject[]>): Verdict[] {
  if ("unknown" in fact) return [warning(about, `shows no classes (${fact.unknown})`, "See kubectl get storageclass.")];
  const wanted = [network, ...keylessSets(network)].map(({ storage }) => storage.className);
  return [...new Set(wanted)].flatMap((className) => judgeClass(fact.value, className));
}

function judgeClass(classes: KubeObject[], wanted: string | undefined): Verdict[] {
  const found = classes.find((each) => (wanted === undefined ? isDefault(each) : each.metadata.name === wanted));
  if (!found) {
    const says = wanted === undefined ? "has no default class" : `has no class ${wanted}`;
    return [error(about, says, "Make the class, or name another one in storage.className.")];
  }
  const name = `class ${found.metadata.name}`;
  const verdicts: Verdict[] = [];
  if (found.volumeBindingMode !== "WaitForFirstConsumer") {
    const says = `${name} chooses a volume's zone before the pod's machine is known`;
    verdicts.push(warning(about, says, "Use a class with volumeBindingMode WaitForFirstConsumer."));
  }
  if (found.reclaimPolicy === "Delete") {
    verdicts.push(ok(about, `${name} deletes a disk with its claim; the StatefulSets keep the claims`));
  }
  if (!found.allowVolumeExpansion) {
    verdicts.push(warning(about, `${name} lets no volume grow`, "Set allowVolumeExpansion on the class."));
  }
  return verdicts.length > 0 ? verdicts : [ok(about, `${name} makes volumes where the pods run, and lets them grow`)];
}
