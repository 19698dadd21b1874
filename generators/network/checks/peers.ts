import { nodeName } from "../names.ts";
import { peerHost } from "../peers.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";
import { isLoopback } from "./validators.ts";

/** What a peer has for itself, and why. */
const own = {
  name: "each validator of the chain has its own",
  nodeId: "two nodes with one identity drop each other's peers",
  address: "each validator has its own address",
};

function* duplicates({ peers }: Network): Iterable<Problem> {
  for (const [field, because] of Object.entries(own) as [keyof typeof own, string][]) {
    for (const [position, first] of repeated(peers.map((peer) => peer[field]))) {
      const message = `is already peers[${first}].${field}: ${because}`;
      yield { path: ["peers", position, field], value: peers[position]?.[field], message };
    }
  }
}

/** `peers` is for others: one's own validators dial each other anyway, and a pod would have another's name. */
function* ownValidators(network: Network): Iterable<Problem> {
  for (const [position, { name, nodeId, address }] of network.peers.entries()) {
    const at = (field: string, value: string, message: string) => ({
      path: ["peers", position, field],
      value,
      message: `${message}: peers are validators that others run`,
    });
    for (const [i, validator] of network.validators.entries()) {
      if (name === nodeName(network, validator.index)) yield at("name", name, `is that of validators[${i}]`);
      if (nodeId === validator.nodeId) yield at("nodeId", nodeId, `is that of validators[${i}]`);
      const host = peerHost(address);
      if (host === validator.host || host === validator.address) {
        yield at("address", address, `leads to validators[${i}]`);
      }
    }
  }
}

function* loopbacks({ peers }: Network): Iterable<Problem> {
  for (const [position, { address: value }] of peers.entries()) {
    if (!isLoopback(peerHost(value))) continue;
    yield { path: ["peers", position, "address"], value, message: "leads every node back to itself" };
  }
}

export const peerChecks: Check[] = [duplicates, ownValidators, loopbacks];
