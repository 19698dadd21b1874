import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

/** Where config.toml says the files are, relative to the home: in config/ what the node reads, in data/ what it keeps. */
const files: Record<string, string> = {
  genesis_file: "config/genesis.json",
  node_key_file: "config/node_key.json",
  priv_validator_key_file: "config/priv_validator_key.json",
  priv_validator_state_file: "data/priv_validator_state.json",
  db_dir: "data",
  "consensus.wal_file": "data/cs.wal/wal",
  "p2p.addr_book_file": "data/addrbook.json",
};

/** Where a node without a validator's key has the key that it makes: in memory, and its state beside it. */
const ofKeyless: Record<string, string> = {
  node_key_file: "data/node_key.json",
  priv_validator_key_file: "signer/priv_validator_key.json",
  priv_validator_state_file: "signer/priv_validator_state.json",
};

export default {
  id: "valid-node-files",
  why: "A node that finds no key makes one, and a node that finds no signing state signs a height twice.",
  fix: "Restore the paths in generators/mezod/config-toml.ts or generators/mezod/roles.ts, and the mounts in generators/components/validator/volumes.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const [path, wanted] of Object.entries(files)) {
      for (const { configMap, field, value, keyless } of settingsAt(manifests, "config.toml", path)) {
        const must = (keyless && ofKeyless[path]) ?? wanted;
        if (value !== must) yield finding(configMap, field, `must be ${must}, is ${value}`);
      }
    }
  },
} satisfies Rule;
