import { networkDashboard, nodeDashboard } from "generators/components/monitoring/dashboards.ts";
import { hasOwnFiles } from "generators/mezod/node-files.ts";
import { keylessConfigName, keylessScriptsName, keylessSets } from "generators/network/keyless.ts";
import {
  dashboardsName,
  genesisConfigName,
  nodeConfigName,
  ownConfigName,
  scriptsName,
  tomlFiles,
} from "generators/network/names.ts";
import { planOf } from "generators/network/release.ts";
import { batches, isGated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { hasOwnSidecars } from "generators/network/sidecars.ts";
import { snapshotScriptsName } from "generators/network/snapshots.ts";
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
  ...keyless(network),
  generated(network, genesisConfigName(network), files(["genesis.json"])),
  generated(network, scriptsName(network), files(scripts(network))),
  ...(network.snapshots ? [generated(network, snapshotScriptsName(network), files(["snapshots.sh"]))] : []),
  ...dashboards(network),
  ...(isGated(network) ? batches(network) : []).map((_, position) => ({
    kind: "ConfigMap",
    name: doneName(network, position),
    shape: doneShape(network, position),
  })),
];

/** The files of each kind of nodes without keys, and the scripts of all of them. */
function keyless(network: Network): Expected[] {
  const kinds = keylessSets(network).map(({ kind }) => kind);
  const scripts = [
    "preflight-keyless.sh",
    ...kinds.map((kind) => `start-${kind}.sh`),
    ...(kinds.includes("rpc-node") ? ["readiness-follower.sh", "Caddyfile"] : []),
    ...(planOf(network) ? ["launch.sh", "liveness.sh"] : []),
  ];
  return [
    ...kinds.map((kind) => generated(network, keylessConfigName(network, kind), files(tomlFiles))),
    ...(kinds.length > 0 ? [generated(network, keylessScriptsName(network), files(scripts))] : []),
  ];
}

/** The dashboards, word for word: one that asks for something else shows a chain that lives. */
function dashboards(network: Network): Expected[] {
  const { app, monitoring, name, namespace } = network;
  if (!monitoring || monitoring.kind === "annotations") return [];
  const data = {
    [`${app}-${name}-network.json`]: JSON.stringify(networkDashboard(network), null, 1),
    [`${app}-${name}-nodes.json`]: JSON.stringify(nodeDashboard(network), null, 1),
  };
  const metadata = { name: dashboardsName(network), namespace, labels: { grafana_dashboard: "1" } };
  return [{ kind: "ConfigMap", name: metadata.name, shape: { apiVersion: "v1", kind: "ConfigMap", metadata, data } }];
}

const generated = (network: Network, name: string, data: Shape): Expected => ({
  kind: "ConfigMap",
  name,
  shape: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: hashed(name), namespace: network.namespace }, data },
});
