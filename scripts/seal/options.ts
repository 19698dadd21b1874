import { nodeName, sidecarName } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { UsageError } from "generators/operator-error.ts";
import { args } from "../lib/cli.ts";
import { parseController } from "./controller.ts";

/**
 * The command's options and arguments.
 *
 * @throws {UsageError} when they contradict each other.
 */
export function sealArgs() {
  const { values, positionals } = args({
    from: { type: "string" },
    cert: { type: "string" },
    controller: { type: "string" },
    context: { type: "string" },
    "ethereum-node-address": { type: "string" },
    "with-recovery-material": { type: "boolean" },
    rotate: { type: "boolean" },
    recover: { type: "string", multiple: true },
    "sign-with": { type: "string" },
    verify: { type: "boolean" },
    check: { type: "boolean" },
  });
  const given = Object.keys(values);
  const allowOnly = (option: string, ...others: string[]) => {
    const found = given.find((each) => each !== option && !others.includes(each));
    if (given.includes(option) && found) throw new UsageError(`--${option} can't be combined with --${found}`);
  };
  allowOnly("check");
  const sources = ["recover", "ethereum-node-address"];
  allowOnly("verify", "from", ...sources);
  allowOnly(
    "recover",
    "cert",
    "controller",
    "context",
    "sign-with",
    ...sources,
    ...(values.verify ? ["verify", "from"] : []),
  );
  if (given.includes("cert") && given.includes("controller")) {
    throw new UsageError("--cert and --controller both name the certificate: give one of them");
  }
  if (values.controller !== undefined) parseController(values.controller);
  if (given.includes("context") && !given.includes("controller")) {
    throw new UsageError("--context needs --controller");
  }
  if (!values.check && positionals.length === 0) throw new UsageError("name a network");
  if (values.rotate && positionals.length > 1) {
    throw new UsageError("--rotate seals everything: name only the network");
  }
  if (values.verify && !values.recover && positionals.length > 1) {
    throw new UsageError("--verify proves everything: name only the network");
  }
  return { values, positionals };
}

export type SealOptions = ReturnType<typeof sealArgs>["values"];

/** What to seal: everything, or the Secrets of named validators and of the sidecar. */
export interface Selection {
  isAll: boolean;
  validators: readonly Validator[];
  hasSidecar: boolean;
}

/**
 * The validators of these names, and the sidecar if its name is among them; everything when there are no names.
 *
 * @throws {UsageError} when the network has no such validator.
 */
export function select(network: Network, names: readonly string[]): Selection {
  const nameOf = ({ index }: Validator) => nodeName(network, index);
  const nodes = network.validators.map(nameOf);
  const unknown = names.find((each) => !nodes.includes(each) && each !== sidecarName);
  if (unknown !== undefined) {
    throw new UsageError(`network ${network.name} has no validator ${unknown}; it has ${nodes.join(", ")}`);
  }
  if (names.length === 0) return { isAll: true, validators: network.validators, hasSidecar: false };
  const validators = network.validators.filter((validator) => names.includes(nameOf(validator)));
  return { isAll: false, validators, hasSidecar: names.includes(sidecarName) };
}
