import rule from "scripts/rules/chain/valid-node-files.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
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
