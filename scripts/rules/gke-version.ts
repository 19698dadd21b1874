import { finding, type Rule } from "./rule.ts";

// From https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
const minimum: Record<string, string> = {
  "networking.gke.io/load-balancer-ip-addresses": "1.29",
  "cloud.google.com/l4-rbs": "1.25",
};

export default {
  id: "gke-version",
  why: "An older GKE ignores the annotation, and the load balancer gets another address.",
  fix: "Upgrade the cluster, then raise `gke.version` in the network.",
  *check(manifests, network) {
    const version = network?.gke?.version;
    if (version === undefined) return;
    for (const manifest of manifests) {
      for (const [annotation, needed] of Object.entries(minimum)) {
        if (!(annotation in (manifest.metadata.annotations ?? {})) || minor(version) >= minor(needed)) continue;
        const message = `needs GKE ${needed}, and gke.version allows ${version}`;
        yield finding(manifest, `metadata.annotations["${annotation}"]`, message);
      }
    }
  },
} satisfies Rule;

const minor = (version: string) => Number(version.split(".")[1]);
