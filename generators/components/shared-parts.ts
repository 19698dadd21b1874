/** A part that many manifests have: frozen, so that none changes it for the others, and `toYaml` writes it once. */
export const shared = <Part extends object>(part: Part): Part => Object.freeze(part);

/** A part that all validators of a network share, made once for each network. */
export function perNetwork<Network extends object, Part extends object>(make: (network: Network) => Part) {
  const made = new WeakMap<Network, Part>();
  return (network: Network): Part => {
    const part = made.get(network) ?? shared(make(network));
    made.set(network, part);
    return part;
  };
}
