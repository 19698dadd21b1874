import { hasOwnFiles } from "generators/mezod/node-files.ts";
import { genesisConfigName, nodeConfigName, ownConfigName, scriptsName, tomlFiles } from "generators/network/names.ts";
import { planOf } from "generators/network/release.ts";
import { batches, isGated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { hasOwnSidecars } from "generators/network/sidecars.ts";
import { hashed, type Shape, text } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { doneName, doneShape } from "./gate.ts";

const files = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, text(/\S/, "the content of a file")]));

const scripts = (network: Network) => [
  ...(hasOwnSidecars(network) ? ["ethereum-sidecar.sh"] : []),
  "gate.sh",
  "preflight.sh",
  "readiness.sh",
  ...(planOf(network) ? ["launch.sh", "liveness.sh"] : []),
];

/** Every ConfigMap. What the files hold is for other rules. */
export const configMaps = (network: Network): Expected[] => [
  generated(network, nodeConfigName(network), files(tomlFiles)),
  ...network.validators
    .filter(({ index }) => hasOwnFiles(network, index))
    .map(({ index }) => generated(network, ownConfigName(network, index), files(tomlFiles))),
  generated(network, genesisConfigName(network), files(["genesis.json"])),
  generated(network, scriptsName(network), files(scripts(network))),
  ...(isGated(network) ? batches(network) : []).map((_, position) => ({
    kind: "ConfigMap",
    name: doneName(network, position),
    shape: doneShape(network, position),
  })),
];

const generated = (network: Network, name: string, data: Shape): Expected => ({
  kind: "ConfigMap",
  name,
  shape: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: hashed(name), namespace: network.namespace }, data },
});
