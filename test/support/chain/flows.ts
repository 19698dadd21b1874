import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { toolsImage } from "tools/cluster/node/containerd.ts";
import { runInNode } from "tools/cluster/node/namespaces.ts";
import { eventually } from "tools/cluster/wait.ts";
import { isReady } from "./pods.ts";
import type { RunningNetwork } from "./running-network.ts";

/** A pod that only sleeps, for a place to send from. */
export const sleepingPod = (namespace: string, name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels },
  spec: {
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "sleep",
        image: toolsImage,
        imagePullPolicy: "Never",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});

/** Applies pods and waits until they run. */
export async function runPods({ kube }: RunningNetwork, pods: readonly KubeObject[]): Promise<void> {
  for (const pod of pods) await kube.apply(pod);
  for (const { apiVersion, kind, metadata } of pods) {
    const { name, namespace } = metadata;
    const runs = async () => isReady(await kube.get({ apiVersion, kind, name, namespace }));
    await eventually(runs, 60, `pod ${namespace}/${name}`);
  }
}

/** What a connection came to: "passes" also where nobody listens and the machine says so. */
export type Flow = "passes" | "dropped";

// The cgroup of a process names its pod. $1: the pod's uid, or "outside"; $2 and $3: where to connect to. A connection that
// a policy drops is tried again by the kernel after one, three and seven seconds, and answered by nobody.
const connect = `
if [ "$1" = outside ]; then set -- "ip netns exec outside" "$2" "$3"; else
  for file in /proc/[0-9]*/cgroup; do
    grep -qs "$1" "$file" || continue
    pid=\${file#/proc/}
    set -- "nsenter --target \${pid%/cgroup} --net" "$2" "$3"
    break
  done
fi
case $1 in ip* | nsenter*) ;; *) echo "no process of pod $1" >&2; exit 1 ;; esac
code=0
timeout 4 $1 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$2" "$3" 2>/dev/null || code=$?
[ "$code" = 124 ] && echo dropped || echo passes
`;

/** Whether a TCP connection from a pod, by its uid, or from outside of the cluster gets through. */
export async function flow({ location }: RunningNetwork, from: string, address: string, port: number): Promise<Flow> {
  const said = await runInNode(location, "sh", "-c", connect, "sh", from, address, String(port));
  return said.trim() as Flow;
}

const outsideNetwork = "10.99.0";

/** The address of the machine outside of the cluster. */
export const outsideAddress = `${outsideNetwork}.2`;

/** Does something while there is a machine outside of the cluster, a network namespace, that has a way to the pods. */
export async function withOutside({ location }: RunningNetwork, act: () => Promise<unknown>): Promise<void> {
  const inNode = (script: string) => runInNode(location, "sh", "-euc", script);
  await inNode(`
    ip netns add outside
    ip link add outside type veth peer name eth0 netns outside
    ip address add ${outsideNetwork}.1/24 dev outside
    ip link set outside up
    ip -n outside address add ${outsideAddress}/24 dev eth0
    ip -n outside link set eth0 up
    ip -n outside route add default via ${outsideNetwork}.1
  `);
  try {
    await act();
  } finally {
    await inNode("ip netns delete outside");
  }
}
