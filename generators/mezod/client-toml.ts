import { clientKeys } from "./client-keys.ts";
import type { TomlFile } from "./settings.ts";

/** client.toml of every validator. */
export const clientToml: TomlFile = {
  values: {
    "chain-id": "mezo_31611-1",
    "keyring-backend": "file",
    output: "text",
    node: "tcp://0.0.0.0:26657",
    "broadcast-mode": "sync",
  },
  derived: {
    "chain-id": { field: "chain.id", value: ({ chain }) => chain.id },
    node: { field: "ports.rpc", value: ({ ports }) => `tcp://0.0.0.0:${ports.rpc}` },
  },
  keys: clientKeys,
};
