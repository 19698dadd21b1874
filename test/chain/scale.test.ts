import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keystoreName, nodeName, serviceHost } from "generators/network/names.ts";
import { artifactsFolder } from "tools/cluster/location.ts";
import { eventually } from "tools/cluster/wait.ts";
import { addNode } from "tools/mezod/testnet.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { volumeOf } from "../support/chain/faults.ts";
import { describeLive } from "../support/chain/live.ts";
import { observe, told } from "../support/chain/observe.ts";
import { pod } from "../support/chain/pods.ts";
import { note } from "../support/chain/results.ts";
import { local } from "../support/networks.ts";

const { namespace } = local;
const index = local.validators.length;
const node = nodeName(local, index);
const file = "generators/networks/local/validators.json";

describeLive("a validator more", (live) => {
  test("comes with a push, and follows the chain: a full node, until a transaction bonds it", async () => {
    const { place, nodes, at } = live();
    const artifacts = artifactsFolder(place);
    const nodeId = await addNode(artifacts, node, local.chain.id);
    const described = {
      ...publicFacts(join(artifacts, node)),
      index,
      moniker: node,
      nodeId,
      host: serviceHost(local, node),
    };
    at.edit(file, (text) => JSON.stringify([...JSON.parse(text), described], null, 2));
    await at.script("gen");
    await at.seal(node);
    const observed = await observe(live(), async () => {
      await at.app.synced(await at.push("A sixth validator"), 300);
      await at.app.healthy();
    });
    await nodes.isWhole(150, [...nodeNames, node]);
    const { total } = await nodes.rpc(node, "/validators");
    expect(Number(total)).toBe(local.validators.length);
    note(place, "a validator more", `follows as a full node: the stand-in's chain has no x/poa; ${told(observed)}`);
  });

  test("leaves with a push; its volume and its keystore stay", async () => {
    const { place, kube, at, nodes } = live();
    at.edit(file, (text) => JSON.stringify(JSON.parse(text).slice(0, -1), null, 2));
    await at.app.synced(await at.push("Five validators again"), 300);
    await eventually(async () => !(await pod(kube, node)), 180, `an end of ${node}`);
    await nodes.isWhole(120);
    const claim = `mezo-node-data-${node}-0`;
    expect(await kube.get({ apiVersion: "v1", kind: "PersistentVolumeClaim", name: claim, namespace })).toBeDefined();
    expect(readdirSync(volumeOf(place, node))).toContain("priv_validator_state.json");
    const name = keystoreName(local, index);
    expect(await kube.get({ apiVersion: "v1", kind: "Secret", name, namespace })).toBeDefined();
    expect(await kube.get({ apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name, namespace })).toBeDefined();
  });
});

/** What a home's files say that anybody may know. */
function publicFacts(home: string) {
  const keyringFile = readdirSync(join(home, "keyring-file")).find((name) => name.endsWith(".address")) ?? "";
  const { pub_key } = JSON.parse(readFileSync(join(home, "config/priv_validator_key.json"), "utf8"));
  return { accountAddress: keyringFile.replace(".address", ""), keyringFile, consensusPubKey: pub_key.value };
}
