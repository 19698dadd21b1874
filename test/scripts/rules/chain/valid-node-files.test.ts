import rule from "scripts/rules/chain/valid-node-files.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsWithPod, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const keyring = ({ volumes }: Any) => volumes.find(({ name }: Any) => name === "keyring");
const sources = ({ volumes }: Any) => volumes.find(({ name }: Any) => name === "config").projected.sources;

test.each<[string, (pod: Any) => void, string]>([
  [
    "a mount elsewhere",
    ({ containers: [node] }) => (node.volumeMounts[0].mountPath = "/c"),
    "the volume config at /mnt",
  ],
  [
    "a missing mount",
    ({ initContainers: [first] }) => first.volumeMounts.splice(1, 1),
    "the volume keyring at /mnt/.mezod/",
  ],
  ["another volume there", ({ containers: [node] }) => (node.volumeMounts[1].name = "tmp"), "the volume keyring at"],
  ["a folder of the volume", ({ containers: [node] }) => (node.volumeMounts[0].subPath = "x"), "the volume config at"],
  ["an optional keyring", (pod) => (keyring(pod).secret.optional = true), "optional: must not be set"],
  ["an optional key", (pod) => (sources(pod)[2].secret.optional = true), "sources[2].optional: must not be set"],
  ["an optional genesis", (pod) => (sources(pod)[1].configMap.optional = true), "sources[1].optional: must not be set"],
  [
    "a key of another name",
    (pod) => (sources(pod)[2].secret.items[0].path = "k"),
    "items: must mount node_key.json under that name, not as k",
  ],
])("%s", (_fault, change, message) => {
  const found = findingsWithPod(rule, change);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

test.each([
  ['"config/node_key.json"', '"data/key.json"', "node_key_file: must be config/node_key.json, is data/key.json"],
  ['"config/priv_validator_key.json"', '"key.json"', "priv_validator_key_file: must be config/priv_validator_key.json"],
  ['"data/priv_validator_state.json"', '"/tmp/s"', "priv_validator_state_file: must be data/priv_validator_state.json"],
  ['db_dir = "data"', 'db_dir = "/tmp"', "db_dir: must be data, is /tmp"],
  ['"data/cs.wal/wal"', '"/tmp/wal"', "consensus.wal_file: must be data/cs.wal/wal"],
  ['"data/addrbook.json"', '"config/addrbook.json"', "p2p.addr_book_file: must be data/addrbook.json"],
])("config.toml %s", (from, to, message) => {
  const found = findings(rule, withToml(staging().manifests, "config.toml", from, to));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
