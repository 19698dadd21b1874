import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { artifactsFolder } from "tools/cluster/location.ts";
import { chainImage } from "tools/cluster/node/node.ts";
import { eventually } from "tools/cluster/wait.ts";
import { hasPoa } from "tools/mezod/program.ts";
import { expect, test } from "vitest";
import { nodeNames, podOf } from "../support/chain/chain.ts";
import { connectField } from "../support/chain/connect.ts";
import { networkFile, withRollout } from "../support/chain/operator.ts";
import { isReady, pod, waitForNewPod } from "../support/chain/pods.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { tagImage } from "../support/chain/tag-image.ts";
import { continually } from "../support/cluster/continually.ts";
import { notInSample } from "../support/sample.ts";

// The node's stand-in under the tag of a release whose validators have an ethereum-sidecar in their pods, and a Connect
// whose image nobody can pull.
const release = "v4.0.1";
const sidecar = "ethereum-sidecar";
const containers = `mezo-node,${sidecar}`;

describeRunningNetwork(
  "a release with an ethereum-sidecar in each pod, and a Connect that can't be pulled",
  (network) => {
    let before = "";

    const statusOf = async (node: string) => {
      const { status } = await pod(network().kube, node);
      return status.containerStatuses.find(({ name }: { name: string }) => name === sidecar);
    };
    const inSidecar = (node: string, script: string) =>
      network().operator.kubectl("exec", podOf(node), "--container", sidecar, "--", "/bin/sh", "-c", script);
    const logOf = (node: string) => network().operator.kubectl("logs", podOf(node), "--container", sidecar);

    test("is rolled out, one validator after the other, and the chain goes on", async () => {
      const { location, operator, kube, chain } = network();
      before = readFileSync(join(operator.clone, networkFile), "utf8");
      await tagImage(location, chainImage, `${chainImage.split(":")[0]}:${release}`);
      operator.edit(networkFile, (text) =>
        text
          .replace(/tag: "[^"]*"/, `tag: "${release}"`)
          .replace("  ethereumSidecar:", `  ${connectField}\n  ethereumSidecar:`),
      );
      await operator.seal();
      await operator.push("A release with other sidecars");
      // Nobody waits for the sync: it ends only with Connect.
      for (const node of nodeNames) {
        const isThere = async () => {
          const now = await pod(kube, node);
          return isReady(now) && now.spec.containers.map(({ name }: { name: string }) => name).join() === containers;
        };
        await eventually(isThere, 300, `${node} with a sidecar`);
      }
      await chain.grows(3, 60);
    });

    test("has taken the account's key, and the password is in no arguments and no environment", async () => {
      const { location } = network();
      for (const node of nodeNames) {
        await eventually(async () => (await logOf(node)).includes(`attests with the account of ${node}-key`), 60, node);
        const password = readFileSync(join(artifactsFolder(location), node, "keyring_password.txt"), "utf8").trim();
        const processes = await inSidecar(
          node,
          'for file in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do while IFS= read -r line || [ "$line" ]; do echo "$line"; line=; done <"$file"; done 2>/dev/null',
        );
        expect(processes).toContain("--key-name");
        expect(processes).not.toContain(password);
      }
    });

    test("a sidecar that is killed is started again, and its pod stays ready all the while", async () => {
      const { kube } = network();
      const node = nodeNames[1] ?? "";
      // All processes but the shell that is the container's first, and the one that sends this.
      await inSidecar(node, "kill -9 -1").catch(() => {});
      await continually(async () => expect(isReady(await pod(kube, node))).toBe(true), 25);
      expect(await logOf(node)).toContain("the validator signs on, and the sidecar starts again");
      await eventually(
        async () => (await logOf(node)).split("attests with").length > 2,
        60,
        "the sidecar's second start",
      );
      expect((await statusOf(node)).restartCount).toBe(0);
    });

    test("nobody waits for Connect: its pods don't run, and every validator is ready and signs", async () => {
      const { operator, kube, chain } = network();
      const waiting = await operator.kubectl("get", "pods", "--selector", "type=connect", "--output", "name");
      expect(waiting.split("\n")).toHaveLength(nodeNames.length);
      for (const node of nodeNames) expect(isReady(await pod(kube, node))).toBe(true);
      await chain.inStep(60);
    });

    test("a push goes through meanwhile: the sync that waited for Connect gives up", async () => {
      const { operator, kube } = network();
      const uid = (await pod(kube, nodeNames[0] ?? ""))?.metadata.uid;
      operator.edit(networkFile, (text) => text.replace("p2p: {", "mempool: { size: 4300 }, p2p: {"));
      await operator.push("A mempool that all read, while Connect can't be pulled");
      await waitForNewPod(kube, nodeNames[0] ?? "", uid, 400);
    });

    test("goes back, and nobody has signed twice", async () => {
      const { operator, chain } = network();
      // At once, to save time.
      writeFileSync(join(operator.clone, networkFile), withRollout("all-at-once")(before));
      await operator.seal();
      await operator.app.synced(await operator.push("The release before"), 500);
      await operator.app.healthy();
      await chain.inStep(120);
      expect((await findDoubleSigns(chain)).faults).toEqual([]);
      // It counts with the next push.
      operator.edit(networkFile, withRollout("one-at-a-time"));
    });
  },
  // Under the tag of another release a program keeps its own flags.
  hasPoa() ? "the stand-in alone has the flags of every release" : notInSample(1),
);
