import type { BaseNetwork, PortName } from "../network/schema.ts";

/** A container's ports: the node's, by name. */
export const containerPorts = ({ ports }: BaseNetwork, names: readonly PortName[]) =>
  names.map((name) => ({ name, containerPort: ports[name] }));

/** A Service's ports: the node's, each of which leads to the container's port of its name. */
export const servicePorts = ({ ports }: BaseNetwork, names: readonly PortName[]) =>
  names.map((name) => ({ name, port: ports[name], targetPort: name }));
