import type { Container, PodSecurityContext, PodSpec, SecurityContext } from "kubernetes-types/core/v1.js";
import { containers, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

// The restricted standard, https://kubernetes.io/docs/concepts/security/pod-security-standards/, and beyond it a root
// file system that nobody writes.
const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const capabilities = ["NET_BIND_SERVICE"];
const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const sysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];
const profiles = ["RuntimeDefault", "Localhost"];

export default {
  id: "require-restricted-pods",
  why: "A pod with more rights than it needs turns a bug of the node into a hole in the cluster.",
  fix: "Restore the security contexts of generators/components/security.ts, or declare an exception that says why the pod needs more.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      const pod = template.spec ?? { containers: [] };
      const each = containers(template).flatMap(({ container, field }) =>
        [...ofContainer(container, pod)].map(([place, message]) => [`${field}.${place}`, message] as const),
      );
      for (const [place, message] of [...ofPod(pod)].map(([at, text]) => [`spec.template.spec.${at}`, text] as const)) {
        yield finding(manifest, place, message);
      }
      for (const [place, message] of each) yield finding(manifest, place, message);
    }
  },
} satisfies Rule;

type Broken = Iterable<[field: string, message: string]>;

function* ofPod(pod: PodSpec): Broken {
  for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
    if (pod[field]) yield [field, "must not be set"];
  }
  yield* ofContext("securityContext", pod.securityContext);
  for (const { name } of pod.securityContext?.sysctls ?? []) {
    if (!sysctls.includes(name)) yield ["securityContext.sysctls", `must not include ${name}`];
  }
  for (const [i, volume] of (pod.volumes ?? []).entries()) {
    for (const type of Object.keys(volume).filter((key) => key !== "name" && !volumeTypes.includes(key))) {
      yield [`volumes[${i}].${type}`, "must not be set"];
    }
  }
}

function* ofContainer(container: Container, pod: PodSpec): Broken {
  const context = container.securityContext ?? {};
  const at = "securityContext";
  yield* ofContext(at, context);
  if (context.privileged) yield [`${at}.privileged`, "must not be set"];
  if (context.allowPrivilegeEscalation !== false) yield [`${at}.allowPrivilegeEscalation`, "must be false"];
  if (context.readOnlyRootFilesystem !== true) yield [`${at}.readOnlyRootFilesystem`, "must be true"];
  if (!context.capabilities?.drop?.includes("ALL")) yield [`${at}.capabilities.drop`, "must include ALL"];
  for (const added of context.capabilities?.add ?? []) {
    if (!capabilities.includes(added)) yield [`${at}.capabilities.add`, `must not include ${added}`];
  }
  if (!["Default", undefined].includes(context.procMount)) yield [`${at}.procMount`, "must be Default"];
  // A container's own setting counts, the pod's where it has none.
  if ((context.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) !== true)
    yield [`${at}.runAsNonRoot`, "must be true"];
  const seccomp = (context.seccompProfile ?? pod.securityContext?.seccompProfile)?.type;
  if (!profiles.includes(seccomp ?? "")) yield [`${at}.seccompProfile.type`, `must be RuntimeDefault, is ${seccomp}`];
  for (const [i, { hostPort }] of (container.ports ?? []).entries()) {
    if (hostPort) yield [`ports[${i}].hostPort`, "must not be set"];
  }
  for (const [place, host] of hostsOf(container)) if (host) yield [`${place}.host`, "must not be set"];
}

/** What pod and container say alike. */
function* ofContext(at: string, context: PodSecurityContext & SecurityContext = {}): Broken {
  if (context.runAsUser === 0) yield [`${at}.runAsUser`, "must not be 0"];
  if (context.windowsOptions?.hostProcess) yield [`${at}.windowsOptions.hostProcess`, "must not be set"];
  const { type = "", user, role } = context.seLinuxOptions ?? {};
  if (!seLinuxTypes.includes(type)) yield [`${at}.seLinuxOptions.type`, `must not be ${type}`];
  if (user || role) yield [`${at}.seLinuxOptions`, "must have neither user nor role"];
  const { appArmorProfile } = context as { appArmorProfile?: { type: string } };
  if (appArmorProfile && !profiles.includes(appArmorProfile.type)) {
    yield [`${at}.appArmorProfile.type`, `must be RuntimeDefault, is ${appArmorProfile.type}`];
  }
}

/** Hosts that the kubelet would ask in the container's name. */
const hostsOf = ({ startupProbe, livenessProbe, readinessProbe, lifecycle }: Container) =>
  Object.entries({ startupProbe, livenessProbe, readinessProbe, ...lifecycle }).map(
    ([place, handler]) => [place, handler?.httpGet?.host ?? handler?.tcpSocket?.host] as const,
  );
