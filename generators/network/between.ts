import { OperatorError } from "../operator-error.ts";
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
 * @throws {OperatorError} listing every clash: a namespace that two networks share although Argo CD deploys both, and a
 * consensus key that two networks share.
 */
export function refuseClashes(networks: readonly Network[]): void {
  const clashes = [...sharedNamespaces(networks), ...sharedKeys(networks)];
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

/** Argo CD deploys to one cluster. In one namespace two networks would both own objects of the same names. */
function* sharedNamespaces(networks: readonly Network[]): Iterable<Clash> {
  const owners = new Map<string, string>();
  for (const { name, namespace } of networks.filter(({ argocd }) => argocd)) {
    const owner = owners.get(namespace);
    if (owner === undefined) owners.set(namespace, name);
    else {
      const message = `is already the namespace of ${owner}, which Argo CD also deploys: each network needs its own`;
      yield { network: name, problem: { path: ["namespace"], value: namespace, message } };
    }
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
