import { valuesOf } from "../../mezod/node-files.ts";
import { type Problem, valueAt } from "../problem.ts";
import { type Network, portNames, type Validator } from "../schema.ts";
import { type Check, repeated } from "./check.ts";

function* sharedPorts({ ports }: Network): Iterable<Problem> {
  for (const [position, first] of repeated(portNames.map((name) => ports[name]))) {
    const name = portNames[position] as (typeof portNames)[number];
    const message = `is already ports.${portNames[first]}: a node listens only once on a port`;
    yield { path: ["ports", name], value: ports[name], message };
  }
}

function* exposedTwice({ expose }: Network): Iterable<Problem> {
  for (const [position] of repeated(expose)) {
    yield { path: ["expose", position], value: expose[position], message: "is listed twice" };
  }
}

function* peersShutOut({ expose }: Network): Iterable<Problem> {
  if (expose.includes("p2p")) return;
  yield { path: ["expose"], value: expose, message: 'must include "p2p", where validators dial each other' };
}

function* deadApi(network: Network): Iterable<Problem> {
  const { expose, validators } = network;
  const isOn = ({ index }: Validator) => valueAt(valuesOf(network, index, "app"), ["api", "enable"]) === true;
  if (!expose.includes("api") || validators.every(isOn)) return;
  const message = 'includes "api", which is off in app.toml: set settings.app.api.enable to true';
  yield { path: ["expose"], value: expose, message };
}

function* ethereumPorts({ ethereumSidecar: { ethereumPorts } }: Network): Iterable<Problem> {
  for (const [position] of repeated(ethereumPorts)) {
    const path = ["ethereumSidecar", "ethereumPorts", position];
    yield { path, value: ethereumPorts[position], message: "is listed twice" };
  }
}

export const portChecks: Check[] = [sharedPorts, exposedTwice, peersShutOut, deadApi, ethereumPorts];
