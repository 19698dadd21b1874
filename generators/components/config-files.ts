import { configurationFiles } from "../mezod/files.ts";
import { composeGenesis } from "../mezod/genesis.ts";
import { settled } from "../mezod/settings.ts";
import { toToml } from "../mezod/toml.ts";
import { genesisFile } from "../network/paths.ts";
import { networkError } from "../network/problem.ts";
import type { Network } from "../network/schema.ts";
import type { Files } from "../tree.ts";

/** What a ConfigMap holds at most, in bytes: https://kubernetes.io/docs/concepts/configuration/configmap/. */
export const configMapLimit = 2 ** 20;

/**
 * overlays/<network>/config: the files that become the validators' ConfigMaps.
 *
 * @param genesis the content of the genesis file, for a network that takes its genesis from one.
 * @throws {OperatorError} when the genesis can't be used.
 */
export function configFiles(network: Network, genesis?: string): Files {
  const toml = Object.entries(configurationFiles).map(([name, file]) => {
    const settings = network.settings[name as keyof Network["settings"]];
    return [`${name}.toml`, toToml(settled(file, network, settings))];
  });
  return { ...Object.fromEntries(toml), "genesis.json": genesisJson(network, genesis) };
}

function genesisJson(network: Network, file = ""): string {
  const { genesis, chain, name } = network;
  const refuse = (value: unknown, message: string) => networkError(name, [{ path: ["genesis"], value, message }]);
  if (genesis.kind === "file") {
    const path = genesisFile(name);
    const id = chainIdOf(file);
    if (id === undefined) throw refuse(path, "is not a genesis: it is not a JSON object with a chain_id");
    if (id !== chain.id) throw refuse(path, `is the genesis of ${id}, but chain.id is ${chain.id}`);
  }
  const text = genesis.kind === "file" ? file : `${JSON.stringify(composeGenesis(network, genesis), null, 2)}\n`;
  const size = Buffer.byteLength(text);
  if (size <= configMapLimit) return text;
  throw refuse(`${size} bytes`, `is too large: a ConfigMap holds at most ${configMapLimit} bytes (1 MiB)`);
}

function chainIdOf(json: string): string | undefined {
  try {
    const { chain_id } = JSON.parse(json);
    return typeof chain_id === "string" ? chain_id : undefined;
  } catch {
    return undefined;
  }
}
