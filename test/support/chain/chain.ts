import http from "node:http";
import { json } from "node:stream/consumers";
import { nodeName, rpcName } from "generators/network/names.ts";
import type { Kube, KubeObject } from "tools/cluster/kube.ts";
import type { Place } from "tools/cluster/location.ts";
import { dial } from "tools/cluster/tunnel.ts";
import { eventually } from "tools/cluster/wait.ts";
import { local } from "../networks.ts";

const { ports, namespace } = local;

export const nodeNames = local.validators.map(({ index }) => nodeName(local, index));
export const podOf = (node: string) => `${node}-0`;

/** What a node says over HTTP, at its pod's address or a Service's. */
async function ask(place: Place, address: string, path: string, body?: unknown): Promise<KubeObject> {
  const connection = await dial(place.tunnel, address);
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

/** A block's header, commit and evidence, as CometBFT's RPC has them. */
export interface Block {
  height: number;
  time: number;
  id: string;
  evidence: unknown[];
  /** Of the block before it: who signed which. */
  lastCommit: { height: number; signatures: { validator: string; flag: number }[] };
}

// What CometBFT gives at a time.
const page = 20;

/** Reads the chain of the network `local` off its nodes. */
export function chain(place: Place, kube: Kube) {
  async function rpc(node: string, path: string): Promise<KubeObject> {
    const pod = await kube.get({ apiVersion: "v1", kind: "Pod", name: podOf(node), namespace });
    if (!pod?.status?.podIP) throw new Error(`${node} has no address`);
    const { result, error } = await ask(place, `${pod.status.podIP}:${ports.rpc}`, path);
    if (error) throw new Error(`${node}${path}: ${JSON.stringify(error)}`);
    return result;
  }

  const height = async (node: string) => Number((await rpc(node, "/status")).sync_info.latest_block_height);

  const self = {
    rpc,
    height,

    /** The greatest height of any node that answers. */
    async top(): Promise<number> {
      const heights = await Promise.allSettled(nodeNames.map(height));
      const known = heights.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      if (known.length === 0) throw new Error("no node answers");
      return Math.max(...known);
    },

    /** Waits until there are so many more blocks than now; the height then. */
    async grows(by: number, seconds: number): Promise<number> {
      const from = await eventually(() => self.top(), 30, "an answer of any node");
      return eventually(
        async () => {
          const top = await self.top();
          return top >= from + by ? top : 0;
        },
        seconds,
        `height ${from + by}`,
      );
    },

    /** A block as a node has it. */
    async block(node: string, height: number): Promise<Block> {
      const { block_id, block } = await rpc(node, `/block?height=${height}`);
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
    },

    /** Blocks of a range, as a node has them. */
    async blocks(node: string, from: number, to: number): Promise<Block[]> {
      const blocks: Block[] = [];
      for (let height = from; height <= to; height++) blocks.push(await self.block(node, height));
      return blocks;
    },

    /** The ids of the blocks up to a height, as a node has them, the first one first. */
    async ids(node: string, top: number): Promise<string[]> {
      const ids: string[] = [];
      while (ids.length < top) {
        const [from, to] = [ids.length + 1, Math.min(ids.length + page, top)];
        const { block_metas } = await rpc(node, `/blockchain?minHeight=${from}&maxHeight=${to}`);
        if (block_metas.length !== to - from + 1) throw new Error(`${node} lacks blocks of ${from} to ${to}`);
        ids.push(...block_metas.map(({ block_id }: KubeObject) => block_id.hash).reverse());
      }
      return ids;
    },

    /** Waits until all nodes answer, have all others for peers and none is behind. */
    isWhole: (seconds: number, nodes = nodeNames): Promise<unknown> =>
      eventually(
        async () => {
          const states = await Promise.all(
            nodes.map(async (node) => ({
              node,
              peers: Number((await rpc(node, "/net_info")).n_peers),
              isBehind: (await rpc(node, "/status")).sync_info.catching_up,
            })),
          );
          const wrong = states.filter(({ peers, isBehind }) => isBehind || peers < nodes.length - 1);
          if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
          return true;
        },
        seconds,
        "every node in step with all others",
      ),

    /** Calls JSON-RPC through the Service. */
    async call(method: string, params: unknown[] = []): Promise<unknown> {
      const service = await kube.get({ apiVersion: "v1", kind: "Service", name: rpcName(local), namespace });
      const body = { jsonrpc: "2.0", id: 1, method, params };
      const { result, error } = await ask(place, `${service.spec.clusterIP}:${ports["json-rpc"]}`, "/", body);
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
      return result;
    },
  };
  return self;
}

export type Chain = ReturnType<typeof chain>;

/** Milliseconds between blocks of which each follows the one before. */
export const gaps = (blocks: readonly Block[]): number[] =>
  blocks.slice(1).map(({ time }, index) => time - (blocks[index]?.time ?? time));
