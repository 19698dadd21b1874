import { keylessLabels, keylessName } from "generators/network/keyless.ts";
import { rpcName } from "generators/network/names.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { programIds } from "tools/cluster/process/processes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { formatObservation, observe } from "../support/chain/observe.ts";
import { networkFile, withField, withoutField } from "../support/chain/operator.ts";
import { isReady, podUids } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const { namespace } = local;
const name = keylessName(local, "rpc-node");
const labels = Object.entries(keylessLabels(local, "rpc-node"))
  .map((label) => label.join("="))
  .join();
const declared = 'rpcNodes: { replicas: 2, resources: { cpu: "100m", memory: "1Gi" }, storage: { size: "1Gi" } },';
const servedBy = (who: string) => (text: string) =>
  text.replace(/( {2}jsonRpcServedBy: .*\n)?(?= {2}rpcNodes:)/, `  jsonRpcServedBy: "${who}",\n`);

describeRunningNetwork(
  "RPC nodes",
  (network) => {
    const pods = () => network().kube.list("v1", "Pod", namespace, labels);

    /** The names of the pods that JSON-RPC leads to. */
    const servers = async () => {
      const slices = await network().kube.list(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        namespace,
        `kubernetes.io/service-name=${rpcName(local)}`,
      );
      const ready = slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready);
      return [...new Set(ready.map(({ targetRef }: KubeObject) => String(targetRef.name)))].sort();
    };

    /** Pushes a change of the declaration, and observes JSON-RPC until all of it is rolled out. */
    const push = (message: string, change: (text: string) => string) =>
      observe(network(), async () => {
        const { operator } = network();
        operator.edit(networkFile, change);
        await operator.app.synced(await operator.push(message), 500);
        await operator.app.healthy(120);
      });

    const expectAnswers = (what: string, observed: Awaited<ReturnType<typeof observe>>) => {
      recordResult(network().location, `RPC nodes: ${what}`, formatObservation(observed));
      expect(observed.failures).toEqual([]);
    };

    test("are added by a push: they follow the chain, and no validator restarts", async () => {
      const { kube, chain } = network();
      const before = await podUids(kube);
      const { total } = await chain.rpc("mezo-node-0", "/validators");
      expectAnswers("added", await push("RPC nodes", withField(declared)));
      expect(await podUids(kube)).toEqual(before);
      const all = await pods();
      expect(all.map(({ metadata }) => metadata.name).sort()).toEqual([`${name}-0`, `${name}-1`]);
      expect(all.every(isReady)).toBe(true);
      for (const { spec } of all) expect(spec.volumes.filter(({ secret }: KubeObject) => secret)).toEqual([]);
      expect((await chain.rpc("mezo-node-0", "/validators")).total).toBe(total);
      expect((await servers()).some((each) => each.startsWith(name))).toBe(false);
    });

    test("take the public over from the validators in two pushes, and no request is lost", async () => {
      const { kube } = network();
      const before = await podUids(kube);
      expectAnswers("beside validators", await push("Both answer", servedBy("both")));
      expect(await servers()).toContain(`${name}-0`);
      expectAnswers("alone", await push("RPC nodes answer", servedBy("rpcNodes")));
      expect(await servers()).toEqual([`${name}-0`, `${name}-1`]);
      expect(await podUids(kube)).toEqual(before);
    });

    test("roll with everything else by one push, one after the other, and no request is lost", async () => {
      const before = new Set((await pods()).map(({ metadata }) => metadata.uid));
      const observed = await push("A smaller mempool for all", (text) =>
        text.replace("p2p: {", "mempool: { size: 4200 }, p2p: {"),
      );
      expectAnswers("all nodes rolled", observed);
      expect(observed.requests).toBeGreaterThan(1000);
      const after = await pods();
      expect(after.filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
      expect(after.every(isReady)).toBe(true);
    });

    test("one is deleted, and containerd is killed: no request is lost but the one in flight", async () => {
      const { location, kube, chain } = network();
      const gone = { apiVersion: "v1", kind: "Pod", name: `${name}-1`, namespace };
      const { uid } = (await kube.get(gone)).metadata;
      const observed = await observe(network(), async () => {
        await kube.delete(gone);
        const isBack = async () => {
          const now = await kube.get(gone);
          return now && now.metadata.uid !== uid && isReady(now);
        };
        await eventually(isBack, 240, "another pod of the RPC node");
        process.kill(programIds(location).containerd as number, "SIGKILL");
        await chain.grows(5, 60);
      });
      recordResult(location, "RPC nodes: one deleted, containerd killed", formatObservation(observed));
      expect(observed.failures.length).toBeLessThanOrEqual(1);
    });

    test("go again the same way; their volumes stay, and nobody has signed twice", async () => {
      const { kube, chain } = network();
      expectAnswers("beside validators again", await push("Both answer again", servedBy("both")));
      expectAnswers("validators alone again", await push("Validators answer", servedBy("validators")));
      const removed = await push("No RPC nodes", (text) =>
        withoutField(declared)(text).replace(/ {2}jsonRpcServedBy: .*\n/, ""),
      );
      expectAnswers("removed", removed);
      expect(await pods()).toEqual([]);
      const claims = (await kube.list("v1", "PersistentVolumeClaim", namespace)).map(({ metadata }) => metadata.name);
      expect(claims).toEqual(expect.arrayContaining([0, 1].map((index) => `${name}-data-${name}-${index}`)));
      expect((await findDoubleSigns(chain)).faults).toEqual([]);
    });
  },
  notInSample(4),
);
