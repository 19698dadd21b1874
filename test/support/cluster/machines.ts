import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labelSelector } from "generators/label-selector.ts";
import { nodeLabels } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import {
  ApiError,
  isTrue,
  type Kube,
  type KubeObject,
  type Reference,
  referenceTo,
} from "tools/cluster/kubernetes/client.ts";
import { addNode, type FakeNode } from "tools/cluster/parts/fake-nodes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { writeFiles } from "../write-files.ts";
import { build } from "./deployment.ts";

const nodeReference = (name: string) => ({ apiVersion: "v1", kind: "Node", name });

/** What the scheduler and the controllers look at in a network's overlay, as objects. */
export async function scheduledObjects(network: Network): Promise<KubeObject[]> {
  const folder = mkdtempSync(join(tmpdir(), "machines-"));
  writeFiles(folder, render([{ network }]));
  const objects = await build(folder, network.name);
  rmSync(folder, { recursive: true });
  const kinds = ["PriorityClass", "ConfigMap", "PodDisruptionBudget", "Service", "StatefulSet"];
  return objects.filter(({ kind }) => kinds.includes(kind));
}

/** The machines that carry a network's validators, and what is done to them. */
export function machines(kube: Kube, network: Network) {
  const { namespace } = network;
  const selector = labelSelector(nodeLabels(network));
  const pods = (): Promise<KubeObject[]> => kube.list("v1", "Pod", namespace, selector);
  const on = async (machine: string) => (await pods()).filter(({ spec }) => spec.nodeName === machine);

  const evict = (pod: string) =>
    kube
      .request("POST", `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`, {
        body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace } },
        type: "application/json",
      })
      .then(() => true)
      .catch((error: unknown) => {
        // The disruption budget allows no more for now.
        if (error instanceof ApiError && [404, 429].includes(error.code)) return false;
        throw error;
      });

  return {
    pods,

    /** The names of the validators' pods on a machine. */
    podsOn: async (machine: string) => (await on(machine)).map(({ metadata }) => metadata.name as string).sort(),

    /** Evicts a pod; false where the disruption budget does not allow it. */
    evict,

    /** Adds a machine on which other pods request what the network has reserved for them. */
    async add(machine: FakeNode): Promise<void> {
      await addNode(kube, machine);
      await runBeside(kube, network, machine.name, "beside", network.gke?.reserved ?? {});
    },

    /** Lets no new pod onto a machine. Without its controller nobody else adds the taint. */
    cordon: (machine: string) =>
      kube.patch(nodeReference(machine), {
        spec: { unschedulable: true, taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] },
      }),

    uncordon: (machine: string) => kube.patch(nodeReference(machine), { spec: { unschedulable: null, taints: null } }),

    remove: (machine: string) => kube.delete(nodeReference(machine)),

    /** Evicts every validator from a machine, as a drain does: again and again while the budget does not allow it. */
    drain: (machine: string) =>
      eventually(
        async () => {
          const left = await on(machine);
          for (const { metadata } of left) if (!metadata.deletionTimestamp) await evict(metadata.name);
          return left.length === 0;
        },
        90,
        `no validator on ${machine}`,
      ),

    /** Waits until all validators run and are ready, and the disruption budget counts them. */
    whole: () =>
      eventually(
        async () => {
          const ready = (await pods()).filter((pod) => isTrue(pod, "Ready") && !pod.metadata.deletionTimestamp);
          const budgets = await kube.list("policy/v1", "PodDisruptionBudget", namespace);
          const [allowed] = budgets.map(({ status }) => status?.disruptionsAllowed);
          return ready.length === network.validators.length && allowed === 1;
        },
        60,
        "all validators, ready",
      ),
  };
}

/** Starts a pod of no importance on a machine, past the scheduler. */
export async function runBeside(
  kube: Kube,
  { namespace }: Network,
  machine: string,
  name: string,
  requests: Record<string, string>,
): Promise<Reference> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-${machine}`, namespace, labels: { app: name } },
    spec: {
      nodeName: machine,
      automountServiceAccountToken: false,
      containers: [{ name, image: "example.org/beside:1.0.0", resources: { requests } }],
    },
  };
  // Until the namespace has its ServiceAccount the API server refuses pods.
  await eventually(() => kube.apply(pod), 30, `a pod on ${machine}`);
  return referenceTo(pod);
}
