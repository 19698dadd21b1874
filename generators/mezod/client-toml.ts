import type { Network } from "../network/schema.ts";
import type { TomlTable } from "./toml.ts";

/** Keys that follow from the network, and the field to change instead. */
export const derivedClientKeys: Record<string, string> = { "chain-id": "chain.id", node: "ports.rpc" };

/** client.toml of every validator, with the live network's values. */
export const clientToml = ({ chain, ports }: Network): TomlTable => ({
  "chain-id": chain.id,
  "keyring-backend": "file",
  output: "text",
  node: `tcp://0.0.0.0:${ports.rpc}`,
  "broadcast-mode": "sync",
});
