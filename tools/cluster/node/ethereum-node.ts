// A program in the node's namespaces: the stand-in for an Ethereum node. Its arguments are where it listens.
import { serveEthereum } from "./ethereum-server.ts";

const [host = "", port = ""] = process.argv.slice(2);
serveEthereum(host, Number(port));
