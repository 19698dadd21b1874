import { declaredNetworks, refuseUnknownNetworks } from "generators/declared.ts";
import { loadSources } from "generators/load.ts";
import type { Network } from "generators/network/schema.ts";
import { UsageError } from "generators/operator-error.ts";

/**
 * The one network that a command's arguments name.
 *
 * @throws {UsageError} when they name none, several or an unknown one.
 */
export async function namedNetwork(root: string, [name, ...more]: readonly string[]): Promise<Network> {
  const declared = declaredNetworks(root);
  if (!name || more.length > 0) throw new UsageError(`name one network: ${declared.join(", ")}`);
  refuseUnknownNetworks([name], declared);
  const source = (await loadSources(root)).find(({ network }) => network.name === name);
  return (source as NonNullable<typeof source>).network;
}

/** What a command that looks at a cluster says where a context won't do. */
export const lookingWords = {
  unverified: "an answer that is forged would hide what is wrong: let the kubeconfig name the cluster's authority",
  refused: "nothing was asked",
};

/**
 * What --output may be.
 *
 * @throws {UsageError} for anything else.
 */
export function outputOf(output: string): "text" | "json" {
  if (output === "text" || output === "json") return output;
  throw new UsageError(`--output must be text or json, not ${output}`);
}
