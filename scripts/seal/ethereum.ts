import { text } from "node:stream/consumers";
import { sidecarSecret } from "generators/network/names.ts";
import { networkFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import { readCallersFile } from "../lib/callers-path.ts";
import { askHidden } from "../lib/prompt.ts";
import type { Content } from "./content.ts";

/**
 * The Ethereum node's address.
 *
 * @param from a file, or `-` for standard input; without either, the terminal is asked.
 * @throws {UsageError} when there is no terminal to ask on.
 */
export async function readAddress(from: string | undefined): Promise<string> {
  if (from === "-") return (await text(process.stdin)).trim();
  if (from !== undefined) return readCallersFile(from, "--ethereum-node-address").trim();
  return await askHidden(
    "The Ethereum node's address, ws:// or wss://",
    `pass --ethereum-node-address FILE, or - for standard input: ${sidecarSecret.name} holds it`,
  );
}

/**
 * What the sidecar's Secret holds. The address carries an API key, so messages say no more of it than its port.
 *
 * @throws {OperatorError} when the sidecar could not use the address, or its NetworkPolicy would block it.
 */
export function ethereumContent({ ethereumSidecar, name }: Network, address: string): Content {
  const refuse = (message: string) => new OperatorError(`the Ethereum node's address ${message}`);
  if (address === "") throw refuse("is empty");
  if (/\s/.test(address)) throw refuse("holds white space: it must be one URL on one line");
  const url = URL.parse(address);
  if (!url) throw refuse("is not a URL");
  if (url.protocol !== "ws:" && url.protocol !== "wss:") throw refuse("must begin with ws:// or wss://");
  const port = Number(url.port || (url.protocol === "wss:" ? 443 : 80));
  const { ethereumPorts } = ethereumSidecar;
  if (!ethereumPorts.includes(port)) {
    throw refuse(
      `has port ${port}, but the NetworkPolicy lets the sidecar reach only ${ethereumPorts.join(", ")}: add the port to ethereumSidecar.ethereumPorts in ${networkFile(name)}`,
    );
  }
  return new Map([[sidecarSecret.key, Buffer.from(address)]]);
}
