import * as v from "valibot";
import { strict, text } from "./strict-schema.ts";
import { dnsLabel, hex20 } from "./values.ts";

const address = v.pipe(
  text(
    /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?:[1-9]\d{0,4}$/,
    "where it is dialled, as <host>:<port>, such as mezo-node-5.test.mezo.org:26656",
  ),
  v.check((value) => peerPort(value) <= 65535, "must have a port of 1 to 65535"),
);

/**
 * Validators of the chain that others run. Every node here dials them, and nothing else: no object, no gate and no count
 * of what may be down knows them.
 */
export const peers = v.optional(
  v.array(
    strict({
      /** Its moniker, by which a genesis knows it. */
      name: dnsLabel,
      nodeId: hex20("a node id (first 20 bytes of SHA-256 of the node's public key)"),
      address,
    }),
  ),
  [],
);

/** The host of a peer's address. */
export const peerHost = (address: string) => address.slice(0, address.lastIndexOf(":"));

/** The port of a peer's address. */
export function peerPort(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}
