import { nodeName, peerAddress, serviceHost } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-full-peer-mesh",
  why: "A validator that another one cannot dial votes late, and two of them stop the blocks; a node that dials no validator gets none.",
  fix: "Restore p2p.persistent_peers in generators/mezod/config-toml.ts, or in generators/mezod/roles.ts for nodes without keys.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const mesh = [
      ...network.validators.map((validator) => `${validator.nodeId}@${peerAddress(network, validator)}`),
      ...network.peers.map(({ nodeId, address }) => `${nodeId}@${address}`),
    ];
    for (const { configMap, field, value, keyless } of settingsAt(manifests, "config.toml", "p2p.persistent_peers")) {
      const wanted = keyless ? inCluster(network) : mesh;
      const peers = String(value ?? "").split(",");
      for (const peer of wanted.filter((each) => !peers.includes(each))) {
        yield finding(configMap, field, `must list ${peer}`);
      }
      for (const peer of peers.filter((each) => !wanted.includes(each))) {
        yield finding(
          configMap,
          field,
          `lists ${JSON.stringify(peer)}, which is neither a validator of the network nor one of its peers`,
        );
      }
    }
  },
} satisfies Rule;

/** Nodes without keys dial the network's own validators, by their names in the cluster. */
const inCluster = (network: Network) =>
  network.validators.map(
    ({ index, nodeId }) => `${nodeId}@${serviceHost(network, nodeName(network, index))}:${network.ports.p2p}`,
  );
