import http from "node:http";
import { json } from "node:stream/consumers";
import { nodeName, rpcName } from "generators/network/names.ts";
import type { Kube, KubeObject } from "tools/cluster/kubernetes/client.ts";
import type { ClusterLocation } from "tools/cluster/location.ts";
import { dial } from "tools/cluster/parts/tunnel.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";

const { ports, namespace } = local;

export const nodeNames = local.validators.map(({ index }) => nodeName(local, index));
export const podOf = (node: string) => `${node}-0`;

/** A block's header, commit and evidence, as CometBFT's RPC has them. */
export interface Block {
  height: number;
  /** In milliseconds. */
  time: number;
  id: string;
  evidence: unknown[];
  /** Who signed the block before it, and for which block. */
  lastCommit: { height: number; signatures: { validator: string; flag: number }[] };
}

// How many blocks CometBFT returns at a time.
const pageSize = 20;

/** Reads the chain of the network `local` from its nodes. */
export function chainOf(location: ClusterLocation, kube: Kube) {
  const podRpc = rpcClient(location, kube);
  const rpc: Rpc = (node, path) => podRpc(podOf(node), path);
  const height = async (node: string) => Number((await rpc(node, "/status")).sync_info.latest_block_height);

  /** The greatest height of all nodes that answer. */
  async function top(): Promise<number> {
    const heights = await Promise.allSettled(nodeNames.map(height));
    const known = heights.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    if (known.length === 0) throw new Error("no node answers");
    return Math.max(...known);
  }

  /** Waits until there are that many more blocks than now; returns the height then. */
  async function grows(by: number, seconds: number): Promise<number> {
    const target = (await eventually(top, 30, "an answer of any node")) + by;
    const reached = async () => {
      const height = await top();
      return height >= target ? height : 0;
    };
    return eventually(reached, seconds, `height ${target}`);
  }

  /** A block, as a node has it. */
  const block = async (node: string, height: number) => toBlock(height, await rpc(node, `/block?height=${height}`));

  /** The blocks of a range, as a node has them. */
  async function blocks(node: string, from: number, to: number): Promise<Block[]> {
    const blocks: Block[] = [];
    for (let height = from; height <= to; height++) blocks.push(await block(node, height));
    return blocks;
  }

  /**
   * The ids of all blocks up to a height, as a node has them, the first block's first. A node that took the chain's state
   * from others has none of the blocks before that.
   */
  async function ids(node: string, top: number): Promise<(string | undefined)[]> {
    const { sync_info } = await rpc(node, "/status");
    const ids: (string | undefined)[] = new Array(Math.max(0, Number(sync_info.earliest_block_height) - 1)).fill(
      undefined,
    );
    while (ids.length < top) {
      const [from, to] = [ids.length + 1, Math.min(ids.length + pageSize, top)];
      const { block_metas } = await rpc(node, `/blockchain?minHeight=${from}&maxHeight=${to}`);
      if (block_metas.length !== to - from + 1) throw new Error(`${node} lacks some of the blocks ${from} to ${to}`);
      ids.push(...block_metas.map(({ block_id }: KubeObject) => block_id.hash).reverse());
    }
    return ids;
  }

  /** Waits until all nodes answer, each with all others as peers, and none is catching up. */
  async function inStep(seconds: number, nodes = nodeNames): Promise<void> {
    const areInStep = async () => {
      const states = await Promise.all(nodes.map((node) => peering(rpc, node)));
      const behind = states.filter(({ peers, isCatchingUp }) => isCatchingUp || peers < nodes.length - 1);
      if (behind.length > 0) throw new Error(JSON.stringify(behind));
      return true;
    };
    await eventually(areInStep, seconds, "every node in step with all others");
  }

  const service = async () => {
    const service = await kube.get({ apiVersion: "v1", kind: "Service", name: rpcName(local), namespace });
    return service.spec.clusterIP;
  };
  /** Calls JSON-RPC through the Service, and at a pod. */
  const call = jsonRpcClient(location, service);
  const podCall = (pod: string) => jsonRpcClient(location, () => podAddress(kube, pod));

  return { rpc, podRpc, height, top, grows, block, blocks, ids, inStep, call, podCall };
}

export type Chain = ReturnType<typeof chainOf>;

type Rpc = (name: string, path: string) => Promise<KubeObject>;

/** Asks the RPC of a pod. */
function rpcClient(location: ClusterLocation, kube: Kube): Rpc {
  return async (pod, path) => {
    const { result, error } = await ask(location, `${await podAddress(kube, pod)}:${ports.rpc}`, path);
    if (error) throw new Error(`${pod}${path}: ${JSON.stringify(error)}`);
    return result;
  };
}

async function podAddress(kube: Kube, name: string): Promise<string> {
  const pod = await kube.get({ apiVersion: "v1", kind: "Pod", name, namespace });
  if (!pod?.status?.podIP) throw new Error(`${name} has no address`);
  // It may answer for a while, and is gone at the next question.
  if (pod.metadata.deletionTimestamp) throw new Error(`${name} is being deleted`);
  return pod.status.podIP;
}

/** Calls JSON-RPC at an address. */
function jsonRpcClient(location: ClusterLocation, address: () => Promise<string>) {
  return async (method: string, params: unknown[] = []): Promise<unknown> => {
    const body = { jsonrpc: "2.0", id: 1, method, params };
    const { result, error } = await ask(location, `${await address()}:${ports["json-rpc"]}`, "/", body);
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  };
}

/** The answer over HTTP at a pod's or a Service's address. */
async function ask(location: ClusterLocation, address: string, path: string, body?: unknown): Promise<KubeObject> {
  const connection = await dial(location.tunnel, address);
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", connection: "close" };
    http
      .request({ createConnection: () => connection, path, method: body ? "POST" : "GET", headers, timeout: 5000 })
      .on("response", (response) => json(response).then(resolve, reject))
      .on("timeout", () => connection.destroy(new Error(`${address}${path}: no answer`)))
      .on("error", reject)
      .end(body ? JSON.stringify(body) : undefined);
  });
}

const peering = async (rpc: Rpc, node: string) => ({
  node,
  peers: Number((await rpc(node, "/net_info")).n_peers),
  isCatchingUp: (await rpc(node, "/status")).sync_info.catching_up,
});

function toBlock(height: number, { block_id, block }: KubeObject): Block {
  const { last_commit } = block;
  return {
    height,
    time: Date.parse(block.header.time),
    id: block_id.hash,
    evidence: block.evidence.evidence,
    lastCommit: {
      height: Number(last_commit.height),
      signatures: last_commit.signatures.map((each: KubeObject) => ({
        validator: each.validator_address,
        flag: each.block_id_flag,
      })),
    },
  };
}

/** The milliseconds between consecutive blocks. */
export const gaps = (blocks: readonly Block[]): number[] =>
  blocks.slice(1).map(({ time }, index) => time - (blocks[index]?.time ?? time));
