import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keystoreName, nodeName, serviceHost } from "generators/network/names.ts";
import { artifactsFolder } from "tools/cluster/location.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { volumeFolder } from "../support/chain/faults.ts";
import { join as becomeValidator, leave } from "../support/chain/membership.ts";
import { formatObservation, observe } from "../support/chain/observe.ts";
import { networkFile, withRollout } from "../support/chain/operator.ts";
import { pod } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { addNode } from "../support/chain/testnet.ts";
import { continually } from "../support/cluster/continually.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const { namespace } = local;
const index = local.validators.length;
const node = nodeName(local, index);
const file = "generators/networks/local/validators.json";

describeRunningNetwork(
  "one more validator",
  (network) => {
    test("is added by a push, and follows the chain as a full node", {
      timeout: 800_000,
    }, async () => {
      const { location, chain, operator } = network();
      const artifacts = artifactsFolder(location);
      const nodeId = await addNode(artifacts, node, local.chain.id);
      const described = {
        ...publicFacts(join(artifacts, node)),
        index,
        moniker: node,
        nodeId,
        host: serviceHost(local, node),
      };
      operator.edit(file, (text) => JSON.stringify([...JSON.parse(text), described], null, 2));
      // It is not in the genesis, and has an empty volume.
      operator.edit(networkFile, (text) =>
        text.replace('lifecycle: "new",', `lifecycle: "started",\n  bootstrap: [${index}],`),
      );
      await operator.script("gen");
      await operator.seal(node);
      const observed = await observe(network(), async () => {
        await operator.app.synced(await operator.push("A sixth validator"), 500);
        await operator.app.healthy();
      });
      await chain.inStep(150, [...nodeNames, node]);
      const { total } = await chain.rpc(node, "/validators");
      expect(Number(total)).toBe(local.validators.length);
      recordResult(location, "one more validator", `follows as a full node; ${formatObservation(observed)}`);
    });

    test("signs once a transaction makes it a validator, and no more when another takes it out", {
      timeout: 400_000,
    }, async () => {
      const { location, chain } = network();
      const artifacts = artifactsFolder(location);
      const { consensusPubKey } = publicFacts(join(artifacts, node));
      const members = async () => Number((await chain.rpc(nodeNames[0] ?? "", "/validators")).total);
      const { validator_info } = await chain.rpc(node, "/status");
      const signs = async (height: number) => {
        const { lastCommit } = await chain.block(nodeNames[0] ?? "", height + 1);
        return lastCommit.signatures.some(({ validator }) => validator === validator_info.address);
      };
      await becomeValidator(chain.call, artifacts, { name: node, consensusPubKey });
      await eventually(async () => (await members()) === index + 1, 60, "a set of six");
      await eventually(async () => signs((await chain.top()) - 1), 60, `a signature of ${node}`);
      await leave(chain.call, artifacts, { name: node });
      await eventually(async () => (await members()) === index, 60, "a set of five");
      // Two below the highest, because the node that is asked may be a block behind.
      const from = (await chain.grows(4, 60)) - 2;
      expect(await signs(from)).toBe(false);
      recordResult(location, "the sixth validator", "signs after a transaction, and stops after another");
    });

    test("is removed by a push once a person confirms it; its volume and its keystore stay", {
      timeout: 800_000,
    }, async () => {
      const { location, kube, operator, chain } = network();
      operator.edit(file, (text) => JSON.stringify(JSON.parse(text).slice(0, -1), null, 2));
      // The others know it no more, so that all of them restart: here at once.
      operator.edit(networkFile, (text) => withRollout("all-at-once")(text.replace(/\n {2}bootstrap: .*/, "")));
      const commit = await operator.push("Five validators again");
      // What a validator is made of goes only when a person confirms it.
      await operator.app.until(
        "waiting for the confirmation",
        ({ status }) =>
          status.operationState?.syncResult?.revision === commit &&
          /prun|delet/i.test(status.operationState.message ?? ""),
        240,
      );
      await continually(async () => expect(await pod(kube, node)).toBeDefined(), 10);
      await operator.argocd("app", "confirm-deletion", "mezo-local");
      await operator.app.synced(commit, 240);
      await eventually(async () => !(await pod(kube, node)), 180, `the removal of ${node}`);
      await chain.inStep(120);
      const claim = `mezo-node-data-${node}-0`;
      expect(await kube.get({ apiVersion: "v1", kind: "PersistentVolumeClaim", name: claim, namespace })).toBeDefined();
      expect(readdirSync(volumeFolder(location, node))).toContain("priv_validator_state.json");
      // It counts with the next push.
      operator.edit(networkFile, withRollout("one-at-a-time"));
      const name = keystoreName(local, index);
      expect(await kube.get({ apiVersion: "v1", kind: "Secret", name, namespace })).toBeDefined();
      expect(
        await kube.get({ apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name, namespace }),
      ).toBeDefined();
      // Nobody seals for it any more.
      rmSync(join(artifactsFolder(location), node), { recursive: true });
    });

    test("the same keys do not start in another namespace: there is an empty volume, and the chain has begun", async () => {
      const { kube, operator, chain } = network();
      const elsewhere = "mezo-elsewhere";
      const copied = async (apiVersion: string, kind: string) =>
        (await kube.list(apiVersion, kind, namespace)).map(({ metadata: { name, labels }, spec, data, type }) => ({
          apiVersion,
          kind,
          metadata: { name, labels, namespace: elsewhere },
          ...(spec && { spec }),
          ...(data && { data }),
          ...(type && { type }),
        }));
      await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: elsewhere } });
      try {
        const files = [...(await copied("v1", "ConfigMap")), ...(await copied("v1", "Secret"))];
        const [statefulSet] = (await copied("apps/v1", "StatefulSet")).filter(
          (each) => each.metadata.name === nodeNames[1],
        );
        for (const object of [...files, statefulSet]) await kube.apply(object);
        const said = () =>
          operator.kubectl("logs", `${nodeNames[1]}-0`, "--container", "preflight", "--namespace", elsewhere);
        await eventually(async () => (await said()).includes("its volume is empty, and its key may have signed"), 120);
        await chain.grows(2, 60);
      } finally {
        await kube.delete({ apiVersion: "v1", kind: "Namespace", name: elsewhere });
      }
    });
  },
  notInSample(3),
);

/** The public facts in a home's files. */
function publicFacts(home: string) {
  const keyringFile = readdirSync(join(home, "keyring-file")).find((name) => name.endsWith(".address")) ?? "";
  const { pub_key } = JSON.parse(readFileSync(join(home, "config/priv_validator_key.json"), "utf8"));
  return { accountAddress: keyringFile.replace(".address", ""), keyringFile, consensusPubKey: pub_key.value };
}
