import { crossChecks } from "./checks/index.ts";
import { networkError } from "./problem.ts";
import { type Network, type NetworkInput, networkSchema } from "./schema.ts";
import { checked } from "./strict-schema.ts";

/**
 * The network that a declaration describes, checked, with its defaults filled in.
 *
 * @throws {OperatorError} listing every problem with its field, its value and what would be right.
 */
export function defineNetwork(input: NetworkInput): Network {
  const name = typeof input?.name === "string" ? input.name : "?";
  const declared = checked(networkSchema, input, (problems) => networkError(name, problems));
  const network = { ...declared, validators: declared.validators.slice(0, declared.size) };
  const problems = [...crossChecks(network)];
  if (problems.length > 0) throw networkError(name, problems);
  return network;
}
