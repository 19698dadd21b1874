import * as v from "valibot";
import { strict, text } from "./strict-schema.ts";
import { bytes, cloudName, count, quantity } from "./values.ts";

const share = "must be the share of requests that is logged, from 0 to 1";

const endpoint = strict({
  address: cloudName,
  certificate: cloudName,
  /** A policy of Cloud Armor. Without the field GKE leaves on whatever policy there is; "" takes it off. */
  securityPolicy: v.optional(
    v.union([v.literal(""), cloudName], 'must be the name of a policy of Cloud Armor, or "" to take one off'),
  ),
  logging: v.optional(v.pipe(v.number(share), v.minValue(0, share), v.maxValue(1, share))),
});

const pattern = (what: string, example: string) =>
  text(/^[a-z][-a-z0-9]*\{index\}[-a-z0-9]*$/, `the name of ${what} static IP, with {index} in it: ${example}`);

const eitherMachine = 'a machine type such as "n2-standard-8", or { cpu, memory }: what a machine has in all';

/** What a network says of GKE. */
export const gke = strict({
  project: cloudName,
  cluster: cloudName,
  region: cloudName,
  /** The oldest version that the cluster may run. */
  version: text(/^1\.\d{1,2}$/, "a GKE version such as 1.33"),
  /** The machines that validators run on: their type, or what each has in all. */
  machine: v.union(
    [text(/^[a-z0-9]+-[a-z]+-\d+$/, eitherMachine), strict({ cpu: quantity, memory: bytes })],
    `must be ${eitherMachine}`,
  ),
  /** How many of these machines there are. */
  nodes: count,
  /** What all other pods on such a machine request, those of the system among them. */
  reserved: strict({ cpu: quantity, memory: bytes }),
  /** Whether the cluster does what NetworkPolicies say. Without Dataplane V2 or Calico it stores them, and no more. */
  networkPolicies: v.picklist(
    ["enforced", "ignored"],
    'must be "enforced" (the cluster has Dataplane V2 or Calico) or "ignored"',
  ),
  nodeAddress: pattern("a validator's", "mezo-staging-node-{index}-external-ip"),
  /** Where the ports of `rpcNodes.expose` are public. */
  rpcNodeAddress: v.optional(cloudName),
  seedAddress: v.optional(pattern("a seed's", "mezo-staging-seed-{index}-external-ip")),
  jsonRpc: endpoint,
  jsonRpcWs: endpoint,
});
