import { containers, workloads } from "../manifests.ts";
import { finding, type Rule } from "./rule.ts";

export default {
  id: "restricted-pods",
  why: "A pod with more rights than it needs turns a bug of the node into a hole in the cluster.",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      const { spec } = template;
      const pod = "spec.template.spec";
      for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
        if (spec?.[field]) yield finding(manifest, `${pod}.${field}`, "must not be set");
      }
      if (spec?.automountServiceAccountToken !== false) {
        yield finding(
          manifest,
          `${pod}.automountServiceAccountToken`,
          "must be false: nothing here talks to the API server",
        );
      }
      if (spec?.securityContext?.runAsNonRoot !== true)
        yield finding(manifest, `${pod}.securityContext.runAsNonRoot`, "must be true");
      if (spec?.securityContext?.seccompProfile?.type !== "RuntimeDefault") {
        yield finding(manifest, `${pod}.securityContext.seccompProfile.type`, "must be RuntimeDefault");
      }
      for (const [i, volume] of (spec?.volumes ?? []).entries()) {
        if (volume.hostPath) yield finding(manifest, `${pod}.volumes[${i}].hostPath`, "must not be set");
      }
      for (const { container, field } of containers(template)) {
        const context = container.securityContext ?? {};
        if (context.privileged) yield finding(manifest, `${field}.securityContext.privileged`, "must not be set");
        if (context.allowPrivilegeEscalation !== false) {
          yield finding(manifest, `${field}.securityContext.allowPrivilegeEscalation`, "must be false");
        }
        if (context.readOnlyRootFilesystem !== true) {
          yield finding(manifest, `${field}.securityContext.readOnlyRootFilesystem`, "must be true");
        }
        if (!context.capabilities?.drop?.includes("ALL") || context.capabilities.add?.length) {
          yield finding(manifest, `${field}.securityContext.capabilities`, "must drop ALL and add none");
        }
      }
    }
  },
} satisfies Rule;
