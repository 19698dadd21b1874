import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

function* publicHosts({ gke, peering }: Network): Iterable<Problem> {
  if (gke || peering === "services") return;
  const message = 'must be "services": without gke nothing leads from outside the cluster to the validators';
  yield { path: ["peering"], value: peering, message };
}

function* ingressAddresses({ gke }: Network): Iterable<Problem> {
  if (!gke || gke.jsonRpc.address !== gke.jsonRpcWs.address) return;
  const message = "is already gke.jsonRpc.address: each Ingress needs its own";
  yield { path: ["gke", "jsonRpcWs", "address"], value: gke.jsonRpcWs.address, message };
}

export const gkeChecks: Check[] = [publicHosts, ingressAddresses];
