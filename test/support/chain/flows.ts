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

// The cgroup of a process names its pod. $1: the pod's uid, or "outside"; then addresses and ports in turn, which are all
// tried at a time. A connection that a policy drops is tried again by the kernel after one, three and seven seconds, and
// answered by nobody. Without --norc bash reads its user's settings, which take a while: it takes Node.js for a remote shell.
const connect = `
from=$1
shift
if [ "$from" = outside ]; then enter="ip netns exec outside"; else
  file=$(grep -ls "$from" /proc/[0-9]*/cgroup | head -n 1)
  [ "$file" ] || { echo "no process of pod $from" >&2; exit 1; }
  pid=\${file#/proc/}
  enter="nsenter --target \${pid%/cgroup} --net"
fi
exec $enter bash --norc -c '
  while [ "$#" -gt 0 ]; do
    {
      said=$(timeout 4 bash --norc -c "exec 3<>/dev/tcp/\\$0/\\$1" "$1" "$2" 2>&1)
      case $?$said in
        124*) echo "$1 $2 dropped" ;;
        0 | *"Connection refused"*) echo "$1 $2 passes" ;;
        *) echo "$1 $2 $said" ;;
      esac
    } &
    shift 2
  done
  wait
' bash "$@"
`;

/** Where a connection leads to. */
export type Destination = readonly [address: string, port: number];

/** Whether TCP connections from a pod, by its uid, or from outside of the cluster get through, each in its place. */
export async function flowsFrom(
  { location }: RunningNetwork,
  from: string,
  destinations: readonly Destination[],
): Promise<Flow[]> {
  const words = destinations.flatMap(([address, port]) => [address, String(port)]);
  const said = await runInNode(location, "sh", "-c", connect, "sh", from, ...words);
  const lines = new Set(said.split("\n"));
  return destinations.map(([address, port]) => {
    const flow = (["passes", "dropped"] as const).find((flow) => lines.has(`${address} ${port} ${flow}`));
    if (!flow) throw new Error(`no way to ${address}:${port} was tried: ${said}`);
    return flow;
  });
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
