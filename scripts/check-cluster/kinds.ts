import { type Fact, factOf, ifThere, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

/** The kinds that each group and version serves, or why that is not known. */
export type Served = ReadonlyMap<string, Fact<readonly string[]>>;

/** What the API server serves of the groups that the objects are of. */
export async function collectKinds({ api, objects, argocdObjects }: Subject): Promise<Served> {
  const groups = new Set([...objects, ...argocdObjects].map(({ apiVersion }) => apiVersion));
  const asking = [...groups].map(async (apiVersion) => {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const kinds = ifThere(api.request(path)).then((list) =>
      (list?.resources ?? []).map(({ kind }: KubeObject) => kind),
    );
    return [apiVersion, await factOf(kinds)] as const;
  });
  return new Map(await Promise.all(asking));
}

const bringers: Record<string, string> = {
  "argoproj.io": "Install Argo CD 3.5 or newer.",
  "bitnami.com": "Install the SealedSecrets controller.",
  "cloud.google.com": "Use a cluster of GKE with HTTP load balancing on.",
  "snapshot.storage.k8s.io":
    "Install the CustomResourceDefinitions and the controller of external-snapshotter, which GKE brings.",
  "networking.gke.io": "Use a cluster of GKE with HTTP load balancing on.",
};

/** Whether the API server takes every kind of object. */
export function judgeKinds(
  { objects, argocdObjects }: Pick<Subject, "objects" | "argocdObjects">,
  served: Served,
): Verdict[] {
  const about = "kinds";
  const needed = new Map([...objects, ...argocdObjects].map((each) => [`${each.kind} of ${each.apiVersion}`, each]));
  const found = [...needed].flatMap(([name, { apiVersion, kind }]): Verdict[] => {
    const fact = served.get(apiVersion) ?? { unknown: "not asked" };
    if ("unknown" in fact)
      return [warning(about, `${name} may be missing (${fact.unknown})`, "See kubectl api-resources.")];
    if (fact.value.includes(kind)) return [];
    const [group = ""] = apiVersion.split("/");
    return [error(about, `${name} is not known to the API server`, bringers[group] ?? "Upgrade the cluster.")];
  });
  return found.length > 0 ? found : [ok(about, `all ${needed.size} that the network has are known to the API server`)];
}
