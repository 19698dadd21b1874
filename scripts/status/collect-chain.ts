import type { Network } from "generators/network/schema.ts";
import { type Api, type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import { askPod } from "../lib/cluster/port-forward.ts";
import type { ChainFacts, NodeFacts, PodFacts } from "./facts.ts";
import { decodePlan } from "./plan.ts";

// A node that works answers in milliseconds; the way there takes a second at most.
const timeout = 10_000;

// One vote may come too late; three in a row do not.
const judgedCommits = 3;

type Pods = ReadonlyMap<number, PodFacts>;

/** What CometBFT's RPC of a pod answers. */
async function rpc(network: Network, { config }: Api, pod: string, path: string): Promise<KubeObject> {
  const at = { namespace: network.namespace, pod, port: network.ports.rpc };
  const { result, error } = JSON.parse(await askPod(config, at, { path, timeout }));
  if (error) throw new Error(error.data || error.message);
  return result;
}

/** What each pod's node says of itself, by what the pods are known by. */
export async function collectNodes<Key>(
  network: Network,
  api: Api,
  pods: ReadonlyMap<Key, PodFacts>,
): Promise<Map<Key, Fact<NodeFacts>>> {
  const asking = [...pods].map(async ([key, pod]) => [key, await nodeFacts(network, api, pod)] as const);
  return new Map(await Promise.all(asking));
}

async function nodeFacts(network: Network, api: Api, pod: PodFacts): Promise<Fact<NodeFacts>> {
  if (pod.phase !== "Running") return { unknown: `its pod is ${pod.phase}` };
  return factOf(
    Promise.all([rpc(network, api, pod.name, "/status"), rpc(network, api, pod.name, "/net_info")]).then(
      ([{ sync_info }, { n_peers }]) => ({
        height: Number(sync_info.latest_block_height),
        time: Date.parse(sync_info.latest_block_time),
        isCatchingUp: sync_info.catching_up,
        peers: Number(n_peers),
      }),
    ),
  );
}

/** What the validator that is furthest says of the chain. */
export async function collectChain(
  network: Network,
  api: Api,
  pods: Pods,
  nodes: ReadonlyMap<number, Fact<NodeFacts>>,
): Promise<Fact<ChainFacts>> {
  const answers = [...nodes].flatMap(([index, fact]) => ("value" in fact ? [{ index, ...fact.value }] : []));
  const [first] = answers.sort((one, other) => other.height - one.height);
  if (!first) return { unknown: "no validator's node answers" };
  const { index, height, time } = first;
  const ask = (path: string) => rpc(network, api, pods.get(index)?.name ?? "", path);
  // The newest block's commit is in the next block: until then it lacks votes that are on their way.
  const heights = Array.from({ length: judgedCommits }, (_, i) => height - 1 - i).filter((each) => each > 0);
  const plan = factOf(ask(`/abci_query?path=${encodeURIComponent('"/cosmos.upgrade.v1beta1.Query/CurrentPlan"')}`));
  return factOf(
    Promise.all([Promise.all(heights.map((each) => ask(`/commit?height=${each}`))), members(ask)]).then(
      async ([commits, all]) => ({
        height,
        time,
        blockSeconds: blockSeconds(commits),
        commits: commits.map(commitFacts),
        members: all,
        plan: planIn(await plan),
      }),
    ),
  );
}

async function members(ask: (path: string) => Promise<KubeObject>): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; ; page++) {
    const { validators, total } = await ask(`/validators?per_page=100&page=${page}`);
    found.push(...validators.map(({ address }: KubeObject) => address));
    if (validators.length === 0 || found.length >= Number(total)) return found;
  }
}

/** A commit of CometBFT's RPC as facts. Flag 2 is a vote for the block; 1 is none, and 3 one for no block. */
export function commitFacts({ signed_header: { commit } }: KubeObject): ChainFacts["commits"][number] {
  const votes: KubeObject[] = commit.signatures;
  return {
    height: Number(commit.height),
    signed: votes.flatMap(({ block_id_flag, validator_address }) => (block_id_flag === 2 ? [validator_address] : [])),
    all: votes.length,
  };
}

function blockSeconds(commits: KubeObject[]): number {
  const times = commits.map(({ signed_header }) => Date.parse(signed_header.header.time));
  const [newest = 0, oldest = 0] = [Math.max(...times), Math.min(...times)];
  return commits.length > 1 ? (newest - oldest) / 1000 / (commits.length - 1) : 0;
}

function planIn(answer: Fact<KubeObject>): ChainFacts["plan"] {
  if ("unknown" in answer) return answer;
  const { code, log, value } = answer.value.response;
  if (code) return { unknown: log };
  return { value: decodePlan(Buffer.from(value ?? "", "base64")) };
}
