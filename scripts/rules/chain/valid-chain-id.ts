import { parse } from "smol-toml";
import { mountedFile, nodeSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-chain-id",
  why: "A node with another chain's id signs for that chain, or finds no peers.",
  fix: "Restore the chain id in generators/mezod/genesis.ts or generators/mezod/client-toml.ts, and the volumes in generators/components/validator/volumes.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    for (const validator of nodeSets(manifests)) {
      for (const [file, key, read] of files) {
        const mounted = mountedFile(manifests, validator, file);
        const field = "spec.template.spec.volumes";
        if (!mounted) {
          yield finding(validator, field, `must mount ${file}`);
          continue;
        }
        const id = read(mounted.text);
        if (id === network.chain.id) continue;
        yield finding(mounted.configMap, `${file} ${key}`, `must be ${network.chain.id}, is ${id}`);
        return;
      }
    }
  },
} satisfies Rule;

const files = [
  ["genesis.json", "chain_id", (text: string) => JSON.parse(text).chain_id],
  ["client.toml", "chain-id", (text: string) => parse(text)["chain-id"]],
] as const;
