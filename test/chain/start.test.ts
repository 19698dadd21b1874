import type { KubeObject } from "tools/cluster/kube.ts";
import { askJsonRpc, jsonRpcUrls } from "tools/cluster/node/json-rpc.ts";
import { dial } from "tools/cluster/tunnel.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, inject, test } from "vitest";
import { gaps, nodeNames, podOf } from "../support/chain/chain.ts";
import { describeLive } from "../support/chain/live.ts";
import type { Operator } from "../support/chain/operator.ts";
import { pod } from "../support/chain/pods.ts";
import { note } from "../support/chain/results.ts";
import { local } from "../support/networks.ts";

const { namespace, ports } = local;

describeLive("a network from nothing", (live) => {
  test("makes blocks, every node connected to all others", async () => {
    const { place, nodes } = live();
    await nodes.grows(3, 60);
    note(place, "from nothing to five validators behind Argo CD", `${inject("seconds").toFixed(0)} s`);
    const top = await nodes.height("mezo-node-0");
    const times = gaps(await nodes.blocks("mezo-node-0", top - 3, top)).map((gap) => gap / 1000);
    note(place, "a block takes", `${(times.reduce((sum, time) => sum + time, 0) / times.length).toFixed(1)} s`);
  });

  test("answers JSON-RPC and WebSocket through its Service", async () => {
    const { place } = live();
    expect(await askJsonRpc(place, "eth_chainId")).toBe("0x7b7b");

    const socket = new WebSocket(jsonRpcUrls(place).webSocket);
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

  test("runs as the restricted Pod Security Standard wants it, and that is enforced", async () => {
    const { kube, at } = live();
    const unrestricted = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "unrestricted", namespace },
      spec: { containers: [{ name: "any", image: "any" }] },
    };
    await expect(kube.create(unrestricted)).rejects.toThrow('violates PodSecurity "restricted');
    for (const node of nodeNames) {
      const status = await inPod(at, node, 'while read -r line; do echo "$line"; done </proc/1/status');
      expect(status).toMatch(/^Uid:\s+65532\s/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      // A filter: what seccomp calls the mode of a profile.
      expect(status).toMatch(/^Seccomp:\s+2$/m);
    }
  });

  test("has a root file system that nothing can be written to", async () => {
    const { at } = live();
    await expect(inPod(at, "mezo-node-0", ">/file")).rejects.toThrow("Read-only file system");
  });

  test("has the node as its first process", async () => {
    const { at } = live();
    const first = await inPod(at, "mezo-node-0", "read -r name </proc/1/comm; echo $name");
    expect(first).toBe("mezod");
  });

  test("has NetworkPolicies that the API server takes; whether this node enforces them is noted", async () => {
    const { place, kube } = live();
    const policies = await kube.list("networking.k8s.io/v1", "NetworkPolicy", namespace);
    expect(policies.map(({ metadata }) => metadata.name)).toContain("mezo-default-deny");
    const { podIP } = (await pod(kube, "mezo-node-0")).status;
    // gRPC is for nobody else's pods. The node itself, from which the tunnel leads, is somebody else, too.
    const isOpen = await dial(place.tunnel, `${podIP}:${ports.grpc}`).then(
      (connection) => Boolean(connection.destroy()),
      () => false,
    );
    note(
      place,
      "NetworkPolicies",
      isOpen ? "accepted, not enforced by this node: it has no plugin for it" : "enforced",
    );
  });

  test("keeps nothing that Argo CD would change", async () => {
    const { at } = live();
    const { status } = await at.app.refresh("hard");
    expect(status.sync.status).toBe("Synced");
    await eventually(async () => (await at.app.read()).status.health.status === "Healthy", 30);
  });
});

/** Runs a line of shell in a validator's container. */
const inPod = (at: Operator, node: string, line: string) =>
  at.kubectl("exec", podOf(node), "--container", "mezo-node", "--", "/bin/sh", "-c", line);
