import { join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import { dial } from "../parts/tunnel.ts";
import type { Program } from "../process/program.ts";
import { nodeAddress } from "./addresses.ts";
import { inNode } from "./namespaces.ts";

const port = 8546;

/** Where an ethereum-sidecar that a real node runs finds an Ethereum node. */
export const ethereumAddress = `ws://${nodeAddress}:${port}`;

/** A stand-in for an Ethereum node, in the node's namespaces: its network has no way to a real one. */
export const ethereum = (location: ClusterLocation): Program =>
  inNode(location, {
    name: "ethereum",
    command: process.execPath,
    args: [join(import.meta.dirname, "ethereum-node.ts"), nodeAddress, String(port)],
    isReady: async () => {
      (await dial(location.tunnel, `${nodeAddress}:${port}`)).destroy();
      return true;
    },
  });
