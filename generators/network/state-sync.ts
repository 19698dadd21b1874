import * as v from "valibot";
import { strict, text } from "./strict-schema.ts";
import { count, index } from "./values.ts";

// With its port, because a policy opens ports and not names.
const server = v.pipe(
  text(
    /^https?:\/\/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?:[1-9]\d{0,4}$/,
    "the URL of a node's rpc with its port, such as http://mezo-node-3.test.mezo.org:26657",
  ),
  v.check((url) => serverPort(url) <= 65535, "must have a port of 1 to 65535"),
);

/**
 * The nodes that take the chain's state from peers where their volume is empty, and what they trust: CometBFT's
 * light client compares the servers with each other, from a block that a person has looked up.
 */
export const stateSync = strict({
  validators: v.optional(v.array(index), []),
  /** Whether RPC nodes do. */
  rpcNodes: v.optional(v.boolean("must be true or false"), false),
  rpcServers: v.pipe(v.array(server), v.minLength(2, "must name at least two servers, which are compared")),
  trustHeight: count,
  trustHash: text(/^[0-9A-Fa-f]{64}$/, "the hash of the block at trustHeight: 64 hex characters"),
});

/** The port of a server's URL. */
export function serverPort(url: string): number {
  return Number(url.slice(url.lastIndexOf(":") + 1));
}
