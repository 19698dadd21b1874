// A program in the node's namespaces: the way between the node's network and the machine's, through sockets, which are
// files. Pods and node reach the API server at the node's address; the API server reaches them through the tunnel.
import { connect, isIP } from "node:net";
import { forward, tunnel } from "../parts/tunnel.ts";

const [apiServerSocket = "", tunnelSocket = "", port = "", ...addresses] = process.argv.slice(2);

for (const address of addresses) forward(() => connect(apiServerSocket)).listen(Number(port), address);

tunnel(tunnelSocket, (address) => {
  const { hostname, port } = new URL(`tcp://${address}`);
  return isIP(hostname) ? { host: hostname, port: Number(port) } : undefined;
});
