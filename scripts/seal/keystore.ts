import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "generators/files.ts";
import { identityFiles, nodeName } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import { consensusPubKeyOf, nodeIdOf } from "../artifacts/keys.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Content } from "./content.ts";
import { recoveryFiles } from "./expected.ts";

/**
 * The content of a validator's keystore, out of its home in the artifacts.
 *
 * @param keys the names of the files.
 */
export function keystoreContent(
  folder: string,
  network: Network,
  validator: Validator,
  keys: readonly string[],
): Content {
  const home = nodeName(network, validator.index);
  return new Map(keys.map((key) => [key, readRegular(folder, `${home}/${pathInHome(key)}`, { follow: true })]));
}

function pathInHome(key: string): string {
  if (recoveryFiles.includes(key)) return key;
  return identityFiles.includes(key) ? `config/${key}` : `keyring-file/${key}`;
}

/** The recovery material that a home has, by the names of its files. */
export const recoveryKeys = (folder: string, network: Network, { index }: Validator) =>
  recoveryFiles.filter((file) => existsSync(join(folder, nodeName(network, index), file)));

/** What shows that a content, the very bytes that will be sealed, does not make this validator. */
export function* proveContent(network: Network, validator: Validator, content: Content): Iterable<Finding> {
  const name = nodeName(network, validator.index);
  const facts = [
    ["node_key.json", "node id", "nodeId", nodeIdOf],
    ["priv_validator_key.json", "consensus key", "consensusPubKey", consensusPubKeyOf],
  ] as const;
  for (const [key, what, fact, factOf] of facts) {
    const found = attempt(() => factOf(content.get(key)?.toString() ?? ""));
    if (found instanceof OperatorError) yield errorAt(`${name}/${key}`, "", found.message);
    else if (found !== validator[fact]) {
      const message = `has ${what} ${found}, but ${name} is described with ${validator[fact]}`;
      yield errorAt(`${name}/${key}`, "", message);
    }
  }
}

function attempt<T>(use: () => T): T | OperatorError {
  try {
    return use();
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
}
