import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { artifactsFolder } from "tools/cluster/location.ts";
import { askJsonRpc, jsonRpcUrls } from "tools/cluster/node/json-rpc.ts";
import { eventually } from "tools/cluster/wait.ts";
import { hasPoa } from "tools/mezod/program.ts";
import { expect, inject, test } from "vitest";
import { gaps, nodeNames, podOf } from "../support/chain/chain.ts";
import { accountOf } from "../support/chain/evm.ts";
import { poaOf } from "../support/chain/membership.ts";
import type { Operator } from "../support/chain/operator.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { local } from "../support/networks.ts";

const { namespace } = local;

describeRunningNetwork("a network from nothing", (network) => {
  test("makes blocks, with every node connected to all others", async () => {
    const { location, chain } = network();
    await chain.grows(3, 60);
    recordResult(location, "from nothing to five validators behind Argo CD", `${inject("startSeconds").toFixed(0)} s`);
    const top = await chain.height("mezo-node-0");
    const times = gaps(await chain.blocks("mezo-node-0", top - 3, top)).map((gap) => gap / 1000);
    recordResult(
      location,
      "a block takes",
      `${(times.reduce((sum, time) => sum + time, 0) / times.length).toFixed(1)} s`,
    );
  });

  test("answers JSON-RPC and WebSocket through its Service", async () => {
    const { location } = network();
    expect(await askJsonRpc(location, "eth_chainId")).toBe("0x7b7b");

    const socket = new WebSocket(jsonRpcUrls(location).webSocket);
    const head = await new Promise<KubeObject>((resolve, reject) => {
      socket.onerror = () => reject(new Error("no WebSocket"));
      socket.onopen = () =>
        socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(String(data));
        if (message.method === "eth_subscription") resolve(message.params.result);
      };
    }).finally(() => socket.close());
    expect(Number(head.number)).toBeGreaterThan(0);
  });

  test("runs under the restricted Pod Security Standard, which is enforced", async () => {
    const { kube, operator } = network();
    const unrestricted = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "unrestricted", namespace },
      spec: { containers: [{ name: "any", image: "any" }] },
    };
    await expect(kube.create(unrestricted)).rejects.toThrow('violates PodSecurity "restricted');
    for (const node of nodeNames) {
      const status = await inPod(operator, node, 'while read -r line; do echo "$line"; done </proc/1/status');
      expect(status).toMatch(/^Uid:\s+65532\s/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      // Mode 2 is a filter, as a seccomp profile is.
      expect(status).toMatch(/^Seccomp:\s+2$/m);
    }
  });

  test("has a read-only root file system", async () => {
    const { operator } = network();
    await expect(inPod(operator, "mezo-node-0", ">/file")).rejects.toThrow("Read-only file system");
  });

  test("has mezod as its first process", async () => {
    const { operator } = network();
    const first = await inPod(operator, "mezo-node-0", "read -r name </proc/1/comm; echo $name");
    expect(first).toBe("mezod");
  });

  test.runIf(hasPoa())(
    "has the validators of its genesis in x/poa, each with one vote, and the first as owner",
    async () => {
      const { location, chain } = network();
      const accounts = nodeNames.map((node) => accountOf(artifactsFolder(location), node).address);
      const { validators, owner } = await poaOf(chain.call);
      expect([...validators].sort()).toEqual([...accounts].sort());
      expect(owner).toBe(accounts[0]);
      const set = (await chain.rpc(nodeNames[0] ?? "", "/validators")).validators;
      expect(set.map(({ voting_power }: KubeObject) => voting_power)).toEqual(accounts.map(() => "1"));
    },
  );

  test.runIf(hasPoa())("has an ethereum-sidecar that reads a chain and serves the validators", async () => {
    const { operator } = network();
    const log = () => operator.kubectl("logs", "deployment/ethereum-sidecar");
    await eventually(
      async () => (await log()).includes("gRPC server started"),
      60,
      "the sidecar's word that it serves",
    );
    expect(await log()).not.toContain("event observation routine failed");
  });

  test("has no drift that Argo CD would correct", async () => {
    const { operator } = network();
    const { status } = await operator.app.refresh("hard");
    expect(status.sync.status).toBe("Synced");
    await eventually(async () => (await operator.app.read()).status.health.status === "Healthy", 30);
  });
});

/** Runs a line of shell in a validator's container. */
const inPod = (operator: Operator, node: string, line: string) =>
  operator.kubectl("exec", podOf(node), "--container", "mezo-node", "--", "/bin/sh", "-c", line);
