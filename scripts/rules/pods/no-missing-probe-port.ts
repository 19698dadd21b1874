import { containers, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-probe-port",
  why: "A probe of a port that the container does not have never succeeds, and the pod restarts for ever.",
  fix: "Restore probes and ports in generators/components/validator/pod.ts or generators/components/ethereum-sidecar.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      for (const { container, field } of containers(template)) {
        for (const kind of ["startupProbe", "livenessProbe", "readinessProbe"] as const) {
          const probe = container[kind];
          const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
          if (port === undefined) continue;
          if (container.ports?.some(({ name, containerPort }) => name === port || containerPort === port)) continue;
          yield finding(manifest, `${field}.${kind}`, `the container has no port ${port}`);
        }
      }
    }
  },
} satisfies Rule;
