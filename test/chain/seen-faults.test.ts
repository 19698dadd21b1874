import { readFileSync } from "node:fs";
import { join } from "node:path";
import { networkDashboard, nodeDashboard } from "generators/components/monitoring/dashboards.ts";
import { keystoreName, sidecarLabels } from "generators/network/names.ts";
import type { Verdict } from "scripts/lib/verdict.ts";
import type { StatusFacts } from "scripts/status/facts.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { runInNode } from "tools/cluster/node/namespaces.ts";
import { policiesUnenforced } from "tools/cluster/node/network-policies.ts";
import { sealedSecretsName, sealedSecretsNamespace } from "tools/cluster/parts/sealed-secrets.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import {
  deletePod,
  exhaustMemory,
  killProcess,
  onSmallDisk,
  reports,
  withoutPeers,
  withoutPod,
  withoutPods,
} from "../support/chain/faults.ts";
import { type Monitoring, monitored, monitoringField, startMonitoring } from "../support/chain/monitoring.ts";
import { networkFile, withField, withoutField } from "../support/chain/operator.ts";
import { pod, podUids } from "../support/chain/pods.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

// A minute of an alert's patience is a second and a half here.
const times = 40;

interface Output {
  code: number;
  lines: string[];
  facts: StatusFacts;
}

/** What a command that looks at the cluster prints as JSON, in the operator's clone. */
async function look({ operator }: RunningNetwork, command: string, ...flags: string[]): Promise<Output> {
  const ran = await operator
    .script(command, local.name, "--context", "mezo-cluster", "--output", "json", ...flags)
    .then((stdout) => ({ code: 0, stdout }))
    // With something that needs a person it ends with 1.
    .catch(({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }));
  const { verdicts, facts } = JSON.parse(ran.stdout) as { verdicts: Verdict[]; facts: StatusFacts };
  return { code: ran.code, facts, lines: verdicts.map(({ level, about, says }) => `${level}: ${about} ${says}`) };
}

/** Waits until the status says something, with the exit code that follows. */
const says = (network: RunningNetwork, words: RegExp, code: number) =>
  eventually(
    async () => {
      const output = await look(network, "status");
      const isSaid = output.lines.some((line) => words.test(line)) && output.code === code;
      if (!isSaid) throw new Error([output.code, ...output.lines].join("\n"));
      return output;
    },
    150,
    `${words} and exit code ${code}`,
  );

/** Waits until nothing needs a person. A restart stays a warning for an hour, and lack of memory an error for a day. */
const isWell = (network: RunningNetwork, code = 0) => says(network, /^ok: chain is signed by all 5 validators$/, code);

describeRunningNetwork(
  "what a person sees of a fault, in pnpm status and by alerts:",
  (network) => {
    let alerts: Monitoring;
    beforeAll(async () => {
      alerts = await startMonitoring(network().location, times);
    });
    afterAll(() => alerts?.stop());

    test("the objects of monitoring are applied by Argo CD, and nothing restarts for them", async () => {
      const { kube, operator } = network();
      const before = await podUids(kube);
      operator.edit(networkFile, withField(monitoringField));
      await operator.app.synced(await operator.push("Metrics are collected"), 200);
      expect(await podUids(kube)).toEqual(before);
      for (const file of ["podmonitor", "prometheusrule"]) {
        const text = readFileSync(join(operator.clone, `overlays/local/monitoring/${file}.yaml`), "utf8");
        const { apiVersion, kind, metadata, spec } = parse(text);
        const live = await kube.get({ apiVersion, kind, name: metadata.name, namespace: local.namespace });
        expect(live.spec).toEqual(spec);
      }
    });

    test("none: its height is the chain's, all sign, each disk is measured; no alert fires, each panel shows something", async () => {
      const { chain } = network();
      const before = await chain.top();
      const { facts, lines } = await isWell(network());
      expect(facts.chain).toMatchObject({ value: { members: expect.any(Array) } });
      expect("value" in facts.chain && facts.chain.value.plan).toEqual({});
      expect("value" in facts.chain && facts.chain.value.height).toBeGreaterThanOrEqual(before);
      for (const { node, pod } of facts.validators) {
        expect(node).toMatchObject({ value: { isCatchingUp: false, peers: 4 } });
        expect(pod).toMatchObject({ isReady: true });
      }
      expect(lines).toContainEqual(expect.stringMatching(/^ok: Argo CD is in sync with [0-9a-f]{7}$/));
      expect(lines).toContainEqual(expect.stringMatching(/^ok: JSON-RPC answers at mezo-node-\d-0 /));
      expect(await alerts.firing()).toEqual([]);
      const panels = [networkDashboard, nodeDashboard].flatMap((dashboard) => dashboard(monitored).panels ?? []);
      const queries = panels.flatMap((panel) => (panel as KubeObject).targets ?? []).map(({ expr }) => expr as string);
      expect(queries.length).toBeGreaterThan(10);
      const isShown = async () => {
        for (const query of queries) if ((await alerts.query(query)).length === 0) throw new Error(`${query} is empty`);
        return true;
      };
      await eventually(isShown, 60, "data in every panel");
    });

    test("none: pnpm check-cluster finds no error, and its pods, which try image and policies, are gone", async () => {
      const { kube } = network();
      const controller = `${sealedSecretsNamespace}/${sealedSecretsName}`;
      const { code, lines } = await look(network(), "check-cluster", "--pods", "--controller", controller);
      expect(lines.filter((line) => line.startsWith("error:"))).toEqual([]);
      expect(code).toBe(0);
      expect(lines).toContainEqual(
        policiesUnenforced()
          ? expect.stringMatching(/^warning: policies let a pod reach a validator's rpc that must not/)
          : "ok: policies kept a pod from a validator's rpc that must not reach it",
      );
      expect(lines).toContainEqual(expect.stringMatching(/^ok: image \S+ can be pulled, and runs$/));
      const pods = (await kube.list("v1", "Pod", local.namespace)).map(({ metadata }) => metadata.name as string);
      expect(pods.filter((name) => name.includes("check"))).toEqual([]);
    });

    test("the kernel kills a node that takes more memory than it may", async () => {
      await exhaustMemory(network(), "mezo-node-0");
      await says(
        network(),
        /^error: mezo-node-0 was killed for its memory: \d+ restarts?, the last \d+ (s|min) ago$/,
        1,
      );
      await alerts.fire(["OutOfMemory"], 60);
      // Ends an hour later, which the last test waits for. What the status says of it ends with the pod.
      await deletePod(network(), "mezo-node-0");
      await network().chain.inStep(120);
      await isWell(network());
    });

    test("a process ends again and again", async () => {
      const { kube, chain } = network();
      const restarts = async () => (await pod(kube, "mezo-node-1")).status.containerStatuses[0].restartCount as number;
      const before = await restarts();
      for (const count of [1, 2, 3]) {
        await killProcess(network(), "mezo-node-1");
        await eventually(async () => (await restarts()) === before + count, 60, `restart ${count}`);
        // The node must have answered once for its start to be known.
        await chain.inStep(60);
      }
      await says(network(), /^warning: mezo-node-1 has ended with Error: \d+ restarts?, the last \d+ (s|min) ago$/, 0);
      await alerts.fire(["NodeRestarts"], 30);
      await isWell(network());
    });

    test("a validator can't be scheduled, nor can the ethereum-sidecar", async () => {
      const { operator } = network();
      await withoutPod(network(), "mezo-node-3", async () => {
        await operator.kubectl("delete", "pod", "--selector", `type=${sidecarLabels(local).type}`, "--wait=false");
        const { lines } = await says(
          network(),
          /^error: chain is signed by 4 of 5 validators: one more down stops it$/,
          1,
        );
        expect(lines).toContainEqual(expect.stringMatching(/^error: mezo-node-3 does not run: Unschedulable/));
        // Nobody else is blamed.
        expect(lines.filter((line) => /^error: mezo-node-[0124]/.test(line))).toEqual([]);
        await alerts.fire(["NoSpareSigner", "SidecarDown", "ValidatorNotSigning"], 120);
      });
      await network().chain.inStep(150);
      await isWell(network());
      await alerts.cease(["NoSpareSigner", "SidecarDown", "ValidatorNotSigning"]);
    });

    test("a validator is cut off from its peers", async () => {
      await withoutPeers(network(), "mezo-node-1", async () => {
        await says(network(), /^error: mezo-node-1 has no peer$/, 1);
        await alerts.fire(["ConsensusFailed", "FewPeers"], 150);
      });
      await network().chain.inStep(150);
      await isWell(network());
      await alerts.cease(["ConsensusFailed", "FewPeers"]);
    });

    test("a volume is full: only that node stops, and it goes on when it is restarted with free space", async () => {
      const { location, chain } = network();
      await onSmallDisk(network(), "mezo-node-2", 8, async (volume) => {
        await chain.inStep(90);
        await runInNode(location, "sh", "-c", fill, "sh", volume);
        await says(network(), /^error: mezo-node-2 has a volume that is 100 % full$/, 1);
        await alerts.fire(["ConsensusFailed", "DiskFull"], 150);
        await reports(network(), "mezo-node-2", "no space left on device");
        await chain.grows(2, 60);
        // Its process may go on after consensus has failed, and count as ready.
        expect(await chain.height("mezo-node-2").catch(() => 0)).toBeLessThan(await chain.top());
      });
      await chain.inStep(120);
      await isWell(network());
      await alerts.cease(["ConsensusFailed", "DiskFull"]);
    });

    test("two validators are down, which halts the chain; then all", async () => {
      await withoutPods(network(), ["mezo-node-2", "mezo-node-3"], async () => {
        const { lines } = await says(network(), /^error: chain stands still at height \d+ since \d+ (s|min)$/, 1);
        expect(lines.filter((line) => line.includes("signed 0 of the last"))).toEqual([]);
        await alerts.fire(["ChainHalted"], 60);
        await withoutPods(network(), ["mezo-node-0", "mezo-node-1", "mezo-node-4"], async () => {
          await alerts.fire(["MetricsMissing"], 60);
          await says(network(), /^(warning|error): chain shows nothing: /, 1);
        });
      });
      await network().chain.inStep(180);
      await isWell(network());
      await alerts.cease(["ChainHalted", "MetricsMissing"]);
    });

    test("a keystore can't be unsealed while nobody lets Argo CD sync", async () => {
      const { kube, operator } = network();
      await operator.pause();
      const reference = {
        apiVersion: "bitnami.com/v1alpha1",
        kind: "SealedSecret",
        name: keystoreName(local, 1),
        namespace: local.namespace,
      };
      const { encryptedData } = (await kube.get(reference)).spec;
      const [file = ""] = Object.keys(encryptedData);
      await kube.patch(reference, { spec: { encryptedData: { [file]: "AgA=" } } });
      try {
        await says(network(), /^error: Argo CD counts the network as Degraded$/, 1);
        await alerts.fire(["ArgocdDegraded", "ArgocdOutOfSync"], 180);
      } finally {
        await operator.resume();
      }
      await isWell(network());
      await alerts.cease(["ArgocdDegraded", "ArgocdOutOfSync"]);
    });

    test("a sync is wedged: the status names the wave and what it waits for", async () => {
      const { operator } = network();
      operator.edit(networkFile, (text) => text.replace('tag: "v0.2.0-rc3"', 'tag: "v0.2.0-rc4"'));
      await operator.push("An image that nobody has");
      try {
        // The gate has the same image, so that no validator is touched.
        await says(network(), /: Argo CD syncs .+: wave 1 of \d+ waits for completion of Job mezo-gate-1$/, 1);
        const { lines } = await says(network(), /^error: mezo-gate-1 does not run: (ErrImagePull|ImagePullBackOff)/, 1);
        expect(lines).toContain("ok: chain is signed by all 5 validators");
        await alerts.fire(["ArgocdSyncWaits"], 300);
      } finally {
        operator.edit(networkFile, (text) =>
          withoutField(monitoringField)(text).replace('tag: "v0.2.0-rc4"', 'tag: "v0.2.0-rc3"'),
        );
        await operator.argocd("app", "terminate-op", "mezo-local").catch(() => {});
        await operator.push("The image before, and no metrics");
        await operator.argocd("app", "sync", "mezo-local", "--async").catch(() => {});
      }
      await network().chain.inStep(300);
      await isWell(network());
      await alerts.cease(["ArgocdSyncWaits", "OutOfMemory", "NodeRestarts"]);
      expect(await alerts.firing()).toEqual([]);
    });
  },
  notInSample(6),
);

const fill = 'dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null; true';
