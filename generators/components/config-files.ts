import { composeGenesis } from "../mezod/genesis.ts";
import { sharedFiles } from "../mezod/node-files.ts";
import { genesisProblems } from "../network/genesis-file.ts";
import { genesisFile } from "../network/paths.ts";
import { networkError } from "../network/problem.ts";
import type { Network, Validator } from "../network/schema.ts";
import type { Files } from "../tree.ts";

/** What a ConfigMap holds at most, in bytes: https://kubernetes.io/docs/concepts/configuration/configmap/. */
export const configMapLimit = 2 ** 20;

/**
 * overlays/<network>/config: the files that become the ConfigMaps of all validators that agree.
 *
 * @param genesis the content of the genesis file, for a network that takes its genesis from one.
 * @param idle validators that are described and, because of `size`, not run.
 * @throws {OperatorError} when the genesis can't be used.
 */
export function configFiles(network: Network, genesis?: string, idle: readonly Validator[] = []): Files {
  return { ...sharedFiles(network), "genesis.json": genesisJson(network, genesis, idle) };
}

function genesisJson(network: Network, file = "", idle: readonly Validator[]): string {
  const { genesis, name } = network;
  const refuse = (value: unknown, messages: readonly string[]) =>
    networkError(
      name,
      messages.map((message) => ({ path: ["genesis"], value, message })),
    );
  const text = genesis.kind === "file" ? file : `${JSON.stringify(composeGenesis(network, genesis), null, 2)}\n`;
  const size = Buffer.byteLength(text);
  if (size > configMapLimit) {
    throw refuse(`${size} bytes`, [`is too large: a ConfigMap holds at most ${configMapLimit} bytes (1 MiB)`]);
  }
  const problems = genesis.kind === "file" ? genesisProblems(network, text, idle) : [];
  if (problems.length > 0) throw refuse(genesisFile(name), problems);
  return text;
}
