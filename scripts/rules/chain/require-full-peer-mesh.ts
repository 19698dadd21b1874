import { peerAddress } from "generators/network/names.ts";
import { tomlFiles } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-full-peer-mesh",
  why: "A validator that another one can't dial votes late, and with two of them blocks stop.",
  fix: "Leave persistent_peers to `pnpm gen`, which takes them from validators.json.",
  *check(manifests, network) {
    if (!network) return;
    const wanted = network.validators.map((validator) => `${validator.nodeId}@${peerAddress(network, validator)}`);
    for (const { configMap, toml } of tomlFiles(manifests, "config.toml")) {
      const peers = String((toml.p2p as { persistent_peers?: string } | undefined)?.persistent_peers ?? "").split(",");
      const field = "config.toml p2p.persistent_peers";
      for (const peer of wanted.filter((each) => !peers.includes(each)))
        yield finding(configMap, field, `lacks ${peer}`);
      for (const peer of peers.filter((each) => !wanted.includes(each))) {
        yield finding(configMap, field, `names ${JSON.stringify(peer)}, which is no validator of the network`);
      }
    }
  },
} satisfies Rule;
