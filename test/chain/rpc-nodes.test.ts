import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labelSelector } from "generators/label-selector.ts";
import { keylessLabels, keylessName } from "generators/network/keyless.ts";
import { rpcName, serviceHost } from "generators/network/names.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { artifactsFolder } from "tools/cluster/location.ts";
import { programIds } from "tools/cluster/process/processes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect, test } from "vitest";
import { accountOf, sendAs } from "../support/chain/evm.ts";
import { killProcess } from "../support/chain/faults.ts";
import { formatObservation, observe } from "../support/chain/observe.ts";
import { networkFile, withField } from "../support/chain/operator.ts";
import { isReady, podUids } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { withoutIndex } from "../support/keyless.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const { namespace } = local;
const name = keylessName(local, "rpc-node");
const labels = labelSelector(keylessLabels(local, "rpc-node"));
const settings = ` settings: ${JSON.stringify(withoutIndex)},`;
const declared = `rpcNodes: { replicas: 2,${settings} resources: { cpu: "100m", memory: "1Gi" }, storage: { size: "1Gi" } },`;
// A snapshot so often that the test has one soon.
const snapshots = 'app: { "state-sync": { "snapshot-interval": 15, "snapshot-keep-recent": 0 } },';
const servedBy = (who: string) => (text: string) =>
  text.replace(/( {2}jsonRpcServedBy: .*\n)?(?= {2}rpcNodes:)/, `  jsonRpcServedBy: "${who}",\n`);

describeRunningNetwork(
  "RPC nodes",
  (network) => {
    let declaration: string;
    beforeAll(() => {
      declaration = readFileSync(join(network().operator.clone, networkFile), "utf8");
    });

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
    const push = (message: string, change: (text: string) => string, until = async () => {}) =>
      observe(network(), async () => {
        const { operator } = network();
        operator.edit(networkFile, change);
        const rolledOut = async () => {
          await operator.app.synced(await operator.push(message), 500);
          await operator.app.healthy(240);
        };
        await Promise.all([rolledOut(), until()]);
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
      const observed = await push("Snapshots by all", (text) =>
        text.replace("  settings: {", `  settings: {\n    ${snapshots}`),
      );
      expectAnswers("all nodes rolled", observed);
      expect(observed.requests).toBeGreaterThan(1000);
      const after = await pods();
      expect(after.filter(({ metadata }) => before.has(metadata.uid))).toEqual([]);
      expect(after.every(isReady)).toBe(true);
    });

    const added = `${name}-2`;
    let transaction: string;

    test("a new one takes the chain's state from validators, and answers within five minutes of the push", async () => {
      const { location, chain } = network();
      const trustHeight = (await chain.grows(20, 60)) - 10;
      const { id } = await chain.block("mezo-node-0", trustHeight);
      const rpcServers = [0, 2].map(
        (i) => `http://${serviceHost(local, `mezo-node-${i}-internal`)}:${local.ports.rpc}`,
      );
      const stateSync = { rpcNodes: true, rpcServers, trustHeight, trustHash: id };
      const start = Date.now();
      let seconds = 0;
      const answers = async () =>
        (await servers()).includes(added) && Number(await chain.podCall(added)("eth_blockNumber")) > trustHeight;
      const observed = await push(
        "Another RPC node, by state sync",
        // With the index that RPC nodes have, which none that has begun without makes.
        (text) =>
          withField(`stateSync: ${JSON.stringify(stateSync)},`)(text).replace(
            `{ replicas: 2,${settings}`,
            "{ replicas: 3,",
          ),
        async () => {
          await eventually(answers, 300, `an answer of ${added}`);
          seconds = Math.round((Date.now() - start) / 1000);
        },
      );
      expectAnswers("one more by state sync", observed);
      expect((await pods()).every(isReady)).toBe(true);
      const { sync_info } = await chain.podRpc(added, "/status");
      // It executed no block before the snapshot.
      const from = Number(sync_info.earliest_block_height);
      expect(from).toBeGreaterThan(1);
      const { address } = accountOf(artifactsFolder(location), "mezo-node-0");
      transaction = await sendAs(chain.podCall(added), artifactsFolder(location), "mezo-node-0", { to: address });
      recordResult(
        location,
        "RPC nodes: one more by state sync",
        `answers ${seconds} s after the push; its first block is ${from}`,
      );
    });

    test("one is deleted, a validator is killed, and containerd is: no request is lost but the one in flight", async () => {
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
        await killProcess(network(), "mezo-node-3");
        await chain.grows(5, 60);
        process.kill(programIds(location).containerd as number, "SIGKILL");
        await chain.grows(5, 60);
      });
      recordResult(location, "RPC nodes: one deleted, a validator and containerd killed", formatObservation(observed));
      expect(observed.failures.length).toBeLessThanOrEqual(1);
    });

    test("one is killed: another answers in its place until it is back, and what it has indexed stays", async () => {
      const { location, chain, kube } = network();
      const reference = { apiVersion: "v1", kind: "Pod", name: added, namespace };
      const restarts = async () => {
        const { status } = await kube.get(reference);
        return Number(status.containerStatuses[0].restartCount);
      };
      const before = await restarts();
      // While Kubernetes leads to it, its proxy is asked by itself, too.
      let seconds = 0;
      const missed: string[] = [];
      const observed = await observe(network(), async () => {
        const start = Date.now();
        await killProcess(network(), added);
        while ((await servers()).includes(added)) {
          await chain
            .podCall(added)("eth_blockNumber")
            .catch(({ message }: Error) => missed.push(message));
          expect(Date.now() - start).toBeLessThan(30_000);
        }
        seconds = (Date.now() - start) / 1000;
        await eventually(async () => isReady(await kube.get(reference)), 120, `${added} again`);
      });
      expect(await restarts()).toBe(before + 1);
      recordResult(
        location,
        "RPC nodes: one killed",
        `${formatObservation(observed)}; left out after ${seconds.toFixed(1)} s`,
      );
      // The one that it had when it died.
      expect(observed.failures.length).toBeLessThanOrEqual(1);
      expect(missed.length).toBeLessThanOrEqual(1);
      expect(await chain.podCall(added)("eth_getTransactionReceipt", [transaction])).toMatchObject({ status: "0x1" });
    });

    test("go again the same way; their volumes stay, and nobody has signed twice", async () => {
      const { kube, chain } = network();
      expectAnswers("beside validators again", await push("Both answer again", servedBy("both")));
      expectAnswers("validators alone again", await push("Validators answer", servedBy("validators")));
      expectAnswers("removed", await push("No RPC nodes, and fewer snapshots", () => declaration));
      expect(await pods()).toEqual([]);
      const claims = (await kube.list("v1", "PersistentVolumeClaim", namespace)).map(({ metadata }) => metadata.name);
      expect(claims).toEqual(expect.arrayContaining([0, 1, 2].map((index) => `${name}-data-${name}-${index}`)));
      expect((await findDoubleSigns(chain)).faults).toEqual([]);
    });
  },
  notInSample(4),
);
