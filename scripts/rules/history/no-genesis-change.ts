import { createHash } from "node:crypto";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { type Manifest, ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-genesis-change",
  why: "A node of a running chain that finds another genesis refuses to start, or forks.",
  fix: "Restore the genesis from git, or give a new chain an id of its own, such as the next epoch.",
  brokenBy: "network",
  *check(manifests, network, before = []) {
    if (!network) return;
    const running = before.filter(
      ({ placement }) => placement?.chainId === network.chain.id && (placement.isSealed || network.lifecycle !== "new"),
    );
    const earlier = running.flatMap(({ commit, manifests: then = [] }) =>
      genesisFiles(then).map(({ genesis }) => ({ commit, genesis })),
    );
    for (const { configMap, genesis } of genesisFiles(manifests)) {
      const other = earlier.find((each) => each.genesis !== genesis);
      if (!other) continue;
      const change = `from ${digest(other.genesis)} at commit ${other.commit} to ${digest(genesis)}`;
      yield finding(configMap, 'data["genesis.json"]', `changed ${change}; the chain is still ${network.chain.id}`);
    }
  },
} satisfies Rule;

const genesisFiles = (manifests: readonly Manifest[]) =>
  ofKind<ConfigMap>(manifests, "ConfigMap").flatMap((configMap) => {
    const genesis = configMap.data?.["genesis.json"];
    return genesis === undefined ? [] : [{ configMap, genesis }];
  });

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
