import { nodeHome } from "generators/network/names.ts";
import type { Finding } from "../../lib/finding.ts";
import { containers, volumeSources } from "../../objects/manifests.ts";
import { settingsAt, type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

/** The volumes of the home and where they are mounted; the claim at data/ has a rule of its own. */
const mounts = [
  { volume: "config", at: `${nodeHome}/config` },
  { volume: "keyring", at: `${nodeHome}/keyring-file` },
];

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

export default {
  id: "valid-node-files",
  why: "A node that finds no key makes one, and a node that finds no signing state signs a height twice.",
  fix: "Remove paths from the network's `settings.config`; volumes and mounts are those of generators/components/validator/volumes.ts.",
  brokenBy: "network",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      yield* badMounts(validator);
      yield* badSources(validator);
    }
    for (const [path, wanted] of Object.entries(files)) {
      for (const { configMap, field, value } of settingsAt(manifests, "config.toml", path)) {
        if (value !== wanted) yield finding(configMap, field, `must be ${wanted}, is ${value}`);
      }
    }
  },
} satisfies Rule;

function* badMounts(validator: ValidatorSet): Iterable<Finding> {
  for (const { container, field } of containers(validator.spec.template)) {
    for (const { volume, at } of mounts) {
      const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === at);
      if (mount?.name === volume && !mount.subPath) continue;
      yield finding(validator, `${field}.volumeMounts`, `must mount the volume ${volume} at ${at}`);
    }
  }
}

/** The kubelet waits for a file that is not optional, and the node knows each by its name. */
function* badSources(validator: ValidatorSet): Iterable<Finding> {
  for (const { source, field } of volumeSources(validator.spec.template)) {
    for (const part of [source.secret, source.configMap]) {
      if (part?.optional) yield finding(validator, `${field}.optional`, "must not be set");
      for (const { key, path } of part?.items ?? []) {
        if (path !== key)
          yield finding(validator, `${field}.items`, `must mount ${key} under that name, not as ${path}`);
      }
    }
  }
}
