import { portNames } from "../ports.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
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

function* anybodysClients({ clients }: Network): Iterable<Problem> {
  for (const [position, { namespace, podLabels, ports }] of clients.entries()) {
    const path = ["clients", position];
    if (namespace === undefined && podLabels === undefined) {
      const message = "must have a namespace, podLabels or both; `expose` opens ports to everybody";
      yield { path, value: clients[position], message };
    }
    for (const [at] of repeated(ports)) {
      yield { path: [...path, "ports", at], value: ports[at], message: "is listed twice" };
    }
  }
}

export const portChecks: Check[] = [sharedPorts, exposedTwice, peersShutOut, anybodysClients];
