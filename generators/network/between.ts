import { OperatorError } from "../operator-error.ts";
import { clusterOf } from "./cluster.ts";
import { destinationId } from "./destination.ts";
import { applicationName } from "./names.ts";
import { networkError, type Problem } from "./problem.ts";
import type { Network } from "./schema.ts";

/** A problem that a network has with another one. */
interface Clash {
  network: string;
  problem: Problem;
}

/**
 * Checks what no network can show by itself.
 *
 * @throws {OperatorError} listing every clash: a namespace or a name in Argo CD that two networks share although it deploys
 * both, and a consensus key that two networks share.
 */
export function refuseClashes(networks: readonly Network[]): void {
  const clashes = [...sharedNamespaces(networks), ...sharedApplications(networks), ...sharedKeys(networks)];
  const errors = [...Map.groupBy(clashes, ({ network }) => network)].map(([network, own]) =>
    networkError(
      network,
      own.map(({ problem }) => problem),
    ),
  );
  if (errors.length > 0) throw new OperatorError(errors.map(({ message }) => message).join("\n"));
}

/**
 * Checks that a network needs the same files in base/ as the others, because they share them.
 *
 * @param own what the network needs in base/, content by path.
 * @param others what the others need there.
 * @throws {OperatorError} when a file must have another content.
 */
export function refuseOtherBase(
  { name, app }: Network,
  own: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): void {
  const [path] = [...own].find(([path, content]) => (others.get(path) ?? content) !== content) ?? [];
  if (path === undefined) return;
  const message = `shares ${path} with another network but needs other content there. base/ follows from app, ports and ethereumSidecar.port: make these equal, or give one network its own app`;
  throw networkError(name, [{ path: ["app"], value: app, message }]);
}

/** In one namespace of one cluster two networks would both own objects of the same names. */
function* sharedNamespaces(networks: readonly Network[]): Iterable<Clash> {
  for (const [{ name, namespace }, owner] of earlierOnes(networks.filter(isServed), isSameNamespace)) {
    const message = `is already the namespace of ${owner.name}, which Argo CD also deploys: each network needs its own`;
    yield { network: name, problem: { path: ["namespace"], value: namespace, message } };
  }
}

/** The app mezo of mezo-b and the app mezo-mezo of b would both be mezo-mezo-b. */
function* sharedApplications(networks: readonly Network[]): Iterable<Clash> {
  const isSame = (a: Network, b: Network) => applicationName(a) === applicationName(b);
  for (const [network, owner] of earlierOnes(networks.filter(isServed), isSame)) {
    const message = `makes the Application ${applicationName(network)}, which is that of ${owner.name}, too: choose another app or name`;
    yield { network: network.name, problem: { path: ["app"], value: network.app, message } };
  }
}

type Served = Network & { argocd: NonNullable<Network["argocd"]> };
const isServed = (network: Network): network is Served => network.argocd !== undefined;

/** GKE's names tell a cluster by themselves: Argo CD may have two names for it. */
function isSameNamespace(a: Served, b: Served): boolean {
  const isSameCluster = destinationId(a.argocd) === destinationId(b.argocd) || clusterOf(a) === clusterOf(b);
  return isSameCluster && a.namespace === b.namespace;
}

/** Each of some networks that is in some way the same as one before it, with the first such one. */
function* earlierOnes<T extends Network>(networks: readonly T[], isSame: (a: T, b: T) => boolean): Iterable<[T, T]> {
  for (const [position, network] of networks.entries()) {
    const owner = networks.slice(0, position).find((each) => isSame(each, network));
    if (owner) yield [network, owner];
  }
}

/** A key in two networks is a key in two pods. Whatever their chain ids say, a key belongs to one validator. */
function* sharedKeys(networks: readonly Network[]): Iterable<Clash> {
  const owners = new Map<string, string>();
  for (const { name, chain, validators } of networks) {
    for (const [position, { consensusPubKey: value }] of validators.entries()) {
      const owner = owners.get(value);
      if (owner === undefined) owners.set(value, `${name}'s validators[${position}] on ${chain.id}`);
      else {
        const message = `is already the key of ${owner}: one key in two validators signs twice`;
        yield { network: name, problem: { path: ["validators", position, "consensusPubKey"], value, message } };
      }
    }
  }
}
