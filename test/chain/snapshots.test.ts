import { setTimeout as sleep } from "node:timers/promises";
import { keylessName } from "generators/network/keyless.ts";
import { toolsImage } from "tools/cluster/node/containerd.ts";
import { diskClass, diskDriver, disksUnavailable } from "tools/cluster/node/disks.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { formatObservation, observe } from "../support/chain/observe.ts";
import { networkFile, withField, withoutField } from "../support/chain/operator.ts";
import { isReady } from "../support/chain/pods.ts";
import { followRestore } from "../support/chain/restore-runbook.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { hasSigned } from "../support/chain/signing-state.ts";
import {
  claim,
  claimOf,
  deleteSnapshot,
  moveVolume,
  refusal,
  rpcClaim,
  scheduled,
  snapshotsOf,
  startFrom,
  takeSnapshot,
} from "../support/chain/snapshots.ts";
import { tagImage } from "../support/chain/tag-image.ts";
import { withoutIndex } from "../support/keyless.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const { namespace } = local;
const node = "mezo-node-3";
const rpcNode = keylessName(local, "rpc-node");
const keep = 2;
// A hundred of each take an hour and a half.
const { SNAPSHOTS = "4", RESTORES = "2" } = process.env;
const atOnce = 4;
// Fewer than the runbook's hundred, to save time.
const blocks = 5;

const storage = `storage: { size: "1Gi", className: "${diskClass}" }`;
const settings = `settings: ${JSON.stringify(withoutIndex)}`;
const rpcNodes = (replicas: number) =>
  `rpcNodes: { replicas: ${replicas}, resources: { cpu: "100m", memory: "1Gi" }, ${storage}, ${settings} },`;
const snapshots = `snapshots: { of: [{ rpcNode: 0 }, { validator: 3 }], schedule: "* * * * *", keep: ${keep}, driver: "${diskDriver}" },`;

describeRunningNetwork(
  "snapshots of volumes",
  (network) => {
    // What Argo CD may touch.
    const applyProject = async () => {
      const { operator } = network();
      await operator.script("gen");
      await operator.run("kubectl", ["apply", "--kustomize", "overlays/argocd"]);
    };
    const push = async (message: string, change: (text: string) => string, before = async () => {}) => {
      const { operator } = network();
      operator.edit(networkFile, change);
      await before();
      await operator.app.synced(await operator.push(message), 500);
      await operator.app.healthy(120);
    };
    const cronJobs = () => network().kube.list("batch/v1", "CronJob", namespace);
    const taken = () => Promise.all([rpcClaim(0), claimOf(node)].map((each) => scheduled(network(), each)));
    let firsts: string[];
    const follow = (...headings: string[]) =>
      followRestore(network(), blocks, headings, { "node=mezo-node-1": `node=${node}` });

    test("a push declares them, and with the next minute one of each volume is taken", async () => {
      // Stands in for the runbook's image, since no registry is asked.
      await tagImage(network().location, toolsImage, "busybox:1.37");
      await moveVolume(network(), node, diskClass);
      const declared = (text: string) => withField(snapshots)(withField(rpcNodes(1))(text));
      await push("An RPC node, and snapshots", declared, applyProject);
      const areThere = async () => (await taken()).every(({ length }) => length > 0);
      await eventually(areThere, 120, "snapshots of both volumes");
      firsts = (await taken()).flat();
    });

    test("nodes start from any, of a volume in use and under load", { timeout: 7_200_000 }, async () => {
      const { location } = network();
      const count = Number(SNAPSHOTS);
      const observed = await observe(network(), async () => {
        for (let first = 0; first < count; first += atOnce) {
          const names = Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => `taken-${first + i}`);
          for (const [i, each] of names.entries()) {
            await takeSnapshot(network(), each, i % 2 === 0 ? rpcClaim(0) : claimOf(node));
            await sleep(Math.random() * 1000);
          }
          await Promise.all(names.map((each) => startFrom(network(), each)));
          await Promise.all(names.map((each) => deleteSnapshot(network(), each)));
        }
      });
      recordResult(location, `${count} snapshots, each started from`, formatObservation(observed));
    });

    test("the newest are kept, by an account that can do nothing else", async () => {
      const { kube, operator } = network();
      const areKept = async () => {
        const now = await taken();
        return now.every(({ length }) => length === keep) && !now.flat().some((each) => firsts.includes(each));
      };
      await eventually(areKept, 60 * (keep + 2), `${keep} newer snapshots of each volume`);
      const [{ metadata, spec, status }] = await cronJobs();
      expect(Date.parse(status.lastSuccessfulTime)).toBeGreaterThan(Date.now() - 120_000);

      const account = `system:serviceaccount:${namespace}:${spec.jobTemplate.spec.template.spec.serviceAccountName}`;
      const can = (...words: string[]) =>
        operator
          .kubectl("auth", "can-i", ...words, "--as", account)
          .catch((error: { stdout: string }) => error.stdout.trim());
      expect(await can("create", "volumesnapshots.snapshot.storage.k8s.io")).toBe("yes");
      for (const other of [
        ["update", "volumesnapshots.snapshot.storage.k8s.io"],
        ["get", "secrets"],
        ["create", "pods"],
        ["delete", "persistentvolumeclaims"],
        ["list", "volumesnapshots.snapshot.storage.k8s.io", "--namespace", "default"],
      ]) {
        expect(await can(...other), other.join(" ")).toBe("no");
      }
      // From here on none comes or goes by itself.
      await kube.patch(
        { apiVersion: "batch/v1", kind: "CronJob", name: metadata.name, namespace },
        { spec: { suspend: true } },
      );
    });

    test("a new RPC node comes from one, and answers within three minutes", async () => {
      const { kube, location } = network();
      const newest = (await snapshotsOf(network(), rpcClaim(0))).at(-1);
      await kube.apply(claim(rpcClaim(1), diskClass, newest));
      const start = Date.now();
      await push("Another RPC node", (text) => text.replace(rpcNodes(1), rpcNodes(2)));
      const pod = { apiVersion: "v1", kind: "Pod", name: `${rpcNode}-1`, namespace };
      await eventually(async () => isReady(await kube.get(pod)), 180, `${rpcNode}-1`);
      const seconds = (Date.now() - start) / 1000;
      recordResult(location, "an RPC node from a snapshot", `${seconds.toFixed(0)} s from the push until it is ready`);
      expect(seconds).toBeLessThan(180);
    });

    test("a validator on one signs nothing that it may have signed, and signs again", {
      timeout: 10_800_000,
    }, async () => {
      const { chain, location, operator } = network();
      const { address } = (await chain.rpc(node, "/status")).validator_info;
      const signs = (height: number) => hasSigned(chain, address, height);
      const ages: number[] = [];
      const observed = await observe(network(), async () => {
        for (let round = 0; round < Number(RESTORES); round++) {
          await takeSnapshot(network(), `restored-${round}`, claimOf(node));
          await chain.grows(2, 60);
          const candidates = await snapshotsOf(network(), claimOf(node));
          const snapshot = candidates[Math.floor(Math.random() * candidates.length)] ?? "";
          const of = { "node=mezo-node-1": `node=${node}`, "mezo-node-data-$node-0-20261127-0300": snapshot };
          await followRestore(network(), blocks, ["Stop the validator", "Restore from a snapshot"], of);
          const lostAt = await chain.top();

          // Somebody forgets the signing state.
          await operator.kubectl("scale", "statefulset", node, "--replicas=1");
          const said = await eventually(() => refusal(network(), node), 60, `a refusal of ${node}`);
          expect(said).toMatch(/its key has signed height \d+, and its signing state is at height \d+/);
          ages.push(lostAt - Number(/state is at height (\d+)/.exec(said)?.[1]));

          const printed = await follow("Stop the validator", "Open the volume", "Raise the signing state");
          const raised = Number(/"height":"(\d+)"/.exec(printed)?.[1]);
          expect(raised).toBeGreaterThan(lostAt);
          await follow("Start it again");
          await chain.inStep(180);
          await eventually(async () => (await chain.top()) > raised + 1, 60, `height ${raised + 2}`);
          await eventually(async () => signs((await chain.top()) - 1), 60, `a signature of ${node}`);
          const between = Array.from({ length: raised - lostAt - 1 }, (_, i) => lostAt + 1 + i);
          expect((await Promise.all(between.map(signs))).filter(Boolean)).toEqual([]);
        }
      });
      expect((await findDoubleSigns(chain)).faults).toEqual([]);
      recordResult(
        location,
        `${RESTORES} volumes from snapshots`,
        `${Math.min(...ages)} to ${Math.max(...ages)} blocks old; nothing signed twice; ${formatObservation(observed)}`,
      );
    });

    test("go with the field, and what was taken stays", async () => {
      const { chain } = network();
      const before = await snapshotsOf(network(), rpcClaim(0));
      await push("No snapshots", withoutField(snapshots));
      expect(await cronJobs()).toEqual([]);
      await applyProject();
      expect(await snapshotsOf(network(), rpcClaim(0))).toEqual(before);
      await push("No RPC nodes", withoutField(rpcNodes(2)));
      await moveVolume(network(), node, "local-path");
      for (const each of [...before, ...(await snapshotsOf(network(), claimOf(node)))]) {
        await deleteSnapshot(network(), each);
      }
      expect((await findDoubleSigns(chain)).faults).toEqual([]);
    });
  },
  disksUnavailable() ?? notInSample(5),
);
