import { connect } from "node:net";
import { join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import type { Program } from "../process/program.ts";
import { nodeAddress } from "./addresses.ts";
import { inNode, runInNode } from "./namespaces.ts";

const port = 8546;

/** Where the ethereum-sidecar finds an Ethereum node, if a real node runs it. */
export const ethereumAddress = `ws://${nodeAddress}:${port}`;

/** A stand-in for an Ethereum node, in the node's namespaces: its network has no way to a real one. */
export const ethereum = (location: ClusterLocation): Program =>
  inNode(location, {
    name: "ethereum",
    command: process.execPath,
    args: [join(import.meta.dirname, "ethereum-node.ts"), nodeAddress, String(port)],
    isReady: async () => {
      await runInNode(location, process.execPath, "--eval", dials);
      return true;
    },
  });

const dials = `require("node:net").connect(${port}, "${nodeAddress}", () => process.exit()).on("error", () => process.exit(1))`;
