import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { sidecarSecret } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { readCallersFile } from "../artifacts/folder.ts";
import type { Content } from "./content.ts";

/**
 * The Ethereum node's address: from a file, from standard input for `-`, from the terminal without echo where no place
 * is named.
 *
 * @throws {UsageError} when there is no terminal to ask on.
 */
export async function readAddress(place: string | undefined): Promise<string> {
  if (place === "-") return (await text(process.stdin)).trim();
  if (place !== undefined) return readCallersFile(place, "--ethereum-node-address").trim();
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `${sidecarSecret.name} is to be sealed, and there is no terminal to ask on: --ethereum-node-address FILE, or - for standard input`,
    );
  }
  return await ask("Ethereum node's address (ws:// or wss://, not shown): ");
}

async function ask(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  terminal.on("SIGINT", () => process.exit(130));
  process.stderr.write(question);
  try {
    return (await terminal.question("")).trim();
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}

/**
 * What the sidecar's Secret holds. The address carries an API key, so no message says any more of it than its port.
 *
 * @throws {OperatorError} when the sidecar could not use the address, or the network's policy would block it.
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
      `has port ${port}, and the network policy lets the sidecar reach ${ethereumPorts.join(", ")} alone: add it to ethereumSidecar.ethereumPorts of generators/networks/${name}.ts`,
    );
  }
  return new Map([[sidecarSecret.key, Buffer.from(address)]]);
}
