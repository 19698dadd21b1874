import { isServed } from "generators/components/argocd.ts";
import type { Network } from "generators/network/schema.ts";
import { type Fact, factOf, ifThere, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Manifest } from "../objects/manifests.ts";
import { differences } from "./differences.ts";
import { pathOf } from "./object-path.ts";
import { shortList } from "./short-list.ts";
import type { Subject } from "./subject.ts";

const oldest = [3, 5];

export interface ArgocdFacts {
  /** The version of its application controller; undefined where no pod of one is found. */
  version: Fact<string | undefined>;
  /** The AppProject and the Application: as committed, and as they are in the cluster. */
  objects: { committed: Manifest; live: Fact<KubeObject> }[];
}

export async function collectArgocd({ network, api, argocdObjects }: Subject): Promise<ArgocdFacts | undefined> {
  if (!isServed(network)) return undefined;
  const pods = api.request(`/api/v1/namespaces/${network.argocd.namespace}/pods`, {
    query: { labelSelector: "app.kubernetes.io/name=argocd-application-controller" },
  });
  const objects = argocdObjects.map(async (committed) => ({
    committed,
    live: await factOf(ifThere(api.request(pathOf(committed)))),
  }));
  return { version: await factOf(pods.then(versionIn)), objects: await Promise.all(objects) };
}

/** The version in the image's tag of a list of pods. */
export function versionIn({ items }: KubeObject): string | undefined {
  const image = items[0]?.spec.containers[0]?.image ?? "";
  return /:(v?\d[\w.+-]*)(?:@|$)/.exec(image)?.[1];
}

/** Whether Argo CD is new enough, and goes by what is committed of it. */
export function judgeArgocd(network: Network, facts: ArgocdFacts | undefined): Verdict[] {
  if (!facts) return [ok("Argo CD", `does not deploy ${network.name}`)];
  return [judgeVersion(facts.version), ...facts.objects.map(judgeObject)];
}

function judgeVersion(fact: Fact<string | undefined>): Verdict {
  const version = "value" in fact ? fact.value : undefined;
  if (version === undefined) {
    const why = "unknown" in fact ? fact.unknown : "no pod of its application controller is found";
    return warning("Argo CD", `does not tell its version: ${why}`, "See that it is 3.5 or newer: argocd version.");
  }
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
  const [needed = 0, least = 0] = oldest;
  if (major > needed || (major === needed && minor >= least)) return ok("Argo CD", `is ${version}`);
  return error("Argo CD", `is ${version}; waves and gates need ${oldest.join(".")} or newer`, "Upgrade Argo CD.");
}

// Enough to see what it is about.
const shownFields = 3;

function judgeObject({ committed, live }: ArgocdFacts["objects"][number]): Verdict {
  const about = `${committed.kind} ${committed.metadata.name}`;
  const apply = "Apply it: kubectl apply -k overlays/argocd.";
  if ("unknown" in live) return warning(about, `is not shown (${live.unknown})`, "Ask somebody who may get it.");
  if (!live.value) return error(about, "is not in the cluster", apply);
  const fields = differences((committed as KubeObject).spec, live.value.spec, "spec");
  if (fields.length === 0) return ok(about, "is the one that is committed");
  return error(about, `is not the one that is committed: ${shortList(fields, shownFields)}`, apply);
}
