import { networkFile } from "generators/network/paths.ts";
import { nodeContainer, nodeSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// From https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
const minimum: Record<string, string> = {
  "networking.gke.io/load-balancer-ip-addresses": "1.29",
  "cloud.google.com/l4-rbs": "1.25",
};

// https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/, PodLifecycleSleepAction
const sleeps = "1.30";

// The oldest version whose schemas the objects are checked against.
const baseline = "1.33";

export default {
  id: "require-gke-version",
  why: "An older GKE gives a load balancer another address, or refuses the object.",
  fix: "Upgrade the cluster, then raise `gke.version` in the network.",
  brokenBy: "network",
  *check(manifests, network) {
    const version = network?.gke?.version;
    if (!network || version === undefined) return;
    if (minor(version) < minor(baseline)) {
      const message = `is ${version}: nothing here is checked against a version older than ${baseline}`;
      yield { severity: "warning", object: networkFile(network.name), field: "gke.version", message };
    }
    for (const manifest of manifests) {
      for (const [annotation, needed] of Object.entries(minimum)) {
        if (!(annotation in (manifest.metadata.annotations ?? {})) || minor(version) >= minor(needed)) continue;
        const message = `needs GKE ${needed} or newer; gke.version is ${version}`;
        yield finding(manifest, `metadata.annotations["${annotation}"]`, message);
      }
    }
    for (const validator of nodeSets(manifests)) {
      if (!nodeContainer(validator)?.lifecycle?.preStop?.sleep || minor(version) >= minor(sleeps)) continue;
      const field = "spec.template.spec.containers[0].lifecycle.preStop.sleep";
      yield finding(validator, field, `needs GKE ${sleeps} or newer; gke.version is ${version}`);
    }
  },
} satisfies Rule;

const minor = (version: string) => Number(version.split(".")[1]);
