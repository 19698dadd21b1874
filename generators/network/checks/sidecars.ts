import { portNames } from "../ports.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { hasOwnSidecars, releaseWithConnect, withConnect } from "../sidecars.ts";
import { type Check, repeated } from "./check.ts";

function* missingConnect(network: Network): Iterable<Problem> {
  const [first] = withConnect(network);
  if (network.connectSidecar || first === undefined) return;
  const message = `is missing: validators of ${releaseWithConnect(network, first)} vote on prices, which Connect tells them; write { image: { digest: "sha256:…" }, resources: { cpu: "100m", memory: "256Mi" } }, with the digest of Connect's image`;
  yield { path: ["connectSidecar"], value: undefined, message };
}

/** An ethereum-sidecar in a validator's pod has the same ports to choose from as the node. */
function* takenPort(network: Network): Iterable<Problem> {
  const { port } = network.ethereumSidecar;
  const name = portNames.find((each) => network.ports[each] === port);
  if (name === undefined || !hasOwnSidecars(network)) return;
  const message = `is already ports.${name}: the sidecar is in the validator's pod, where one program alone listens on a port`;
  yield { path: ["ethereumSidecar", "port"], value: port, message };
}

function* repeatedPorts({ ethereumSidecar, connectSidecar }: Network): Iterable<Problem> {
  const lists: [path: PropertyKey[], ports: number[]][] = [
    [["ethereumSidecar", "ethereumPorts"], ethereumSidecar.ethereumPorts],
    [["connectSidecar", "exchangePorts"], connectSidecar?.exchangePorts ?? []],
  ];
  for (const [path, ports] of lists) {
    for (const [position] of repeated(ports)) {
      yield { path: [...path, position], value: ports[position], message: "is listed twice" };
    }
  }
}

export const sidecarChecks: Check[] = [missingConnect, takenPort, repeatedPorts];
