import { type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect } from "vitest";
import { parse, stringify } from "yaml";
import { continually } from "../support/cluster/continually.ts";
import { type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

// GKE adds this gate to every pod behind a Service with endpoint groups, and its load balancer's controller opens it once the
// health check passes ("Container-native load balancing", on pod readiness). Here the pods' template brings the gate, and
// this test is the controller.
const gate = "cloud.google.com/load-balancer-neg-ready";

const { cluster, kube } = await useCluster();
const name = "readiness-gates";
const network = networkOf(cluster, name);
let deployed: Deployed;
beforeAll(async () => {
  const remove = await prepareNamespace(kube, cluster, network);
  deployed = await deploy(kube, cluster, { network });
  return remove;
});

const validators = async (): Promise<KubeObject[]> =>
  (await kube.list("v1", "Pod", name)).filter(({ metadata }) => metadata.labels.type === "node");
const condition = (pod: KubeObject, type: string) =>
  pod.status.conditions?.find((each: KubeObject) => each.type === type)?.status;

/** Opens the gate of a validator's pod, as the controller does. */
const open = (node: string) =>
  eventually(
    async () => {
      const pod = (await validators()).find(({ metadata }) => metadata.name === `${node}-0`);
      if (!pod) return false;
      if (condition(pod, gate) === "True") return true;
      const conditions = [...(pod.status.conditions ?? []), { type: gate, status: "True" }];
      await kube.patch(referenceTo(pod), { status: { conditions } }, "status");
      return false;
    },
    30,
    `the open gate of ${node}`,
  );

describe("a load balancer's readiness gates", () => {
  test("hold each wave until the load balancer has found its validator healthy, and no longer", async () => {
    const commit = deployed.push({ network }, (tree) => {
      const file = `overlays/${name}/statefulset.yaml`;
      const patch = parse(tree.get(file) ?? "");
      patch.spec.template.spec.readinessGates = [{ conditionType: gate }];
      tree.set(file, stringify(patch));
    });
    for (const [index, { moniker }] of network.validators.entries()) {
      const isHeld = async () => {
        const pods = await validators();
        const [last] = pods.filter(({ metadata }) => metadata.name === `${moniker}-0`);
        expect(pods).toHaveLength(index + 1);
        expect([condition(last, "ContainersReady"), condition(last, "Ready")]).toEqual(["True", "False"]);
      };
      await eventually(() => isHeld().then(() => true), 60, `${moniker}, held by its gate`);
      if (index === 0) await continually(isHeld, 5);
      await open(moniker);
    }
    await deployed.app.synced(commit);
    await deployed.app.healthy();
  });
});
