import { isDeepStrictEqual } from "node:util";
import { Failure } from "scripts/cli.ts";
import type { Manifest } from "scripts/manifests.ts";

/**
 * Checks that a peer rendered the objects that we do, in whatever order.
 *
 * @throws {Failure} with the first object that is missing, one too many, or another.
 */
export function assertSameObjects(peer: string, theirs: readonly Manifest[], ours: readonly Manifest[]): void {
  const [byName, expected] = [theirs, ours].map((manifests) => new Map(manifests.map((each) => [nameOf(each), each])));
  const names = new Set([...(expected?.keys() ?? []), ...(byName?.keys() ?? [])]);
  for (const name of names) {
    if (!isDeepStrictEqual(byName?.get(name), expected?.get(name))) {
      throw new Failure(`${peer} does not render the same ${name}: its times would mean nothing`);
    }
  }
  if (theirs.length !== ours.length) {
    throw new Failure(`${peer} renders ${theirs.length} objects, and there are ${ours.length}`);
  }
}

const nameOf = ({ apiVersion, kind, metadata: { namespace = "", name } }: Manifest) =>
  `${apiVersion} ${kind} ${namespace}/${name}`;
