import type { Network } from "generators/network/schema.ts";
import { finding, type Rule } from "../rule.ts";

/** Annotations that name something of the cloud, and what the network declares of that sort. */
const annotations: Record<string, (gke: NonNullable<Network["gke"]>, network: Network) => string[]> = {
  "networking.gke.io/load-balancer-ip-addresses": (gke, { validators, seedNodes }) => [
    ...validators.map(({ index }) => gke.nodeAddress.replace("{index}", String(index))),
    ...(gke.rpcNodeAddress === undefined ? [] : [gke.rpcNodeAddress]),
    ...(seedNodes?.hosts ?? []).flatMap((_, i) => gke.seedAddress?.replace("{index}", String(i + 1)) ?? []),
  ],
  "kubernetes.io/ingress.global-static-ip-name": ({ jsonRpc, jsonRpcWs }) => [jsonRpc.address, jsonRpcWs.address],
  "ingress.gcp.kubernetes.io/pre-shared-cert": ({ jsonRpc, jsonRpcWs }) => [jsonRpc.certificate, jsonRpcWs.certificate],
};

export default {
  id: "no-undeclared-cloud-names",
  why: "A load balancer whose address or certificate does not exist never gets ready, and clients reach nobody.",
  fix: "Take addresses and certificates from the network's `gke` in generators/components/validator/overlay.ts, generators/components/keyless/services.ts and generators/components/json-rpc.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    for (const manifest of manifests) {
      for (const [annotation, names] of Object.entries(annotations)) {
        const value = manifest.metadata.annotations?.[annotation];
        if (value === undefined) continue;
        const declared = network?.gke ? names(network.gke, network) : [];
        for (const name of value.split(",").filter((each) => !declared.includes(each))) {
          const message = `must be declared in the network's \`gke\` (${declared.join(", ") || "nothing"}), is ${name}`;
          yield finding(manifest, `metadata.annotations["${annotation}"]`, message);
        }
      }
    }
  },
} satisfies Rule;
