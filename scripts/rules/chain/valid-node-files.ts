import { nodeHome } from "generators/network/names.ts";
import { containers, volumeSources } from "../../objects/manifests.ts";
import { settingsAt, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

/** Volumes of the home, by where they are mounted; the claim at data/ has a rule of its own. */
const mounts = [
  { volume: "config", at: `${nodeHome}/config` },
  { volume: "keyring", at: `${nodeHome}/keyring-file` },
];

/** Where config.toml says that files are, from the home: what is read on the first volume, what is kept on the claim. */
const files: Record<string, string> = {
  genesis_file: "config/genesis.json",
  node_key_file: "config/node_key.json",
  priv_validator_key_file: "config/priv_validator_key.json",
  priv_validator_state_file: "data/priv_validator_state.json",
  db_dir: "data",
  "consensus.wal_file": "data/cs.wal/wal",
  "p2p.addr_book_file": "data/addrbook.json",
};

export default {
  id: "valid-node-files",
  why: "A node that finds no key makes one, and one that finds no signing state signs a height twice.",
  fix: "Leave volumes, mounts and the paths in config.toml as `pnpm gen` writes them.",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { template } = validator.spec;
      for (const { container, field } of containers(template)) {
        for (const { volume, at } of mounts) {
          const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === at);
          if (mount?.name === volume && !mount.subPath) continue;
          yield finding(validator, `${field}.volumeMounts`, `must have the volume ${volume} at ${at}`);
        }
      }
      for (const { source, field } of volumeSources(template)) {
        for (const part of [source.secret, source.configMap]) {
          if (part?.optional) yield finding(validator, `${field}.optional`, "must not be set");
          for (const { key, path } of part?.items ?? []) {
            if (path !== key) yield finding(validator, `${field}.items`, `puts ${key} at ${path}`);
          }
        }
      }
    }
    for (const [path, wanted] of Object.entries(files)) {
      for (const { configMap, field, value: is } of settingsAt(manifests, "config.toml", path)) {
        if (is !== wanted) yield finding(configMap, field, `must be ${wanted}, is ${is}`);
      }
    }
  },
} satisfies Rule;
