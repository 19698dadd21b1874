import { isServed } from "generators/components/argocd.ts";
import { applicationName } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { type Api, type Fact, factOf, ifThere, type KubeObject } from "../lib/cluster/api.ts";
import type { ArgocdFacts } from "./facts.ts";

/** What Argo CD says of the network's Application; undefined where it does not deploy the network. */
export async function collectArgocd(network: Network, { request }: Api): Promise<Fact<ArgocdFacts> | undefined> {
  if (!isServed(network)) return undefined;
  const { namespace } = network.argocd;
  const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/${applicationName(network)}`;
  return factOf(ifThere(request(path)).then(argocdFacts));
}

/** An Application as facts. */
export function argocdFacts(application: KubeObject): ArgocdFacts {
  const { spec = {}, status = {} } = application ?? {};
  const { sync = {}, health = {}, operationState, conditions = [] } = status;
  const automated = spec.syncPolicy?.automated;
  return {
    exists: application !== undefined,
    isAutomated: automated !== undefined && automated !== null && automated.enabled !== false,
    sync: sync.status ?? "Unknown",
    health: health.status ?? "Unknown",
    commit: sync.revision ?? "",
    ...(operationState && {
      phase: operationState.phase,
      message: operationState.message ?? "",
      started: Date.parse(operationState.startedAt),
    }),
    conditions: conditions.map(({ type, message }: KubeObject) => ({ type, message })),
  };
}
