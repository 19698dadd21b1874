import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { placement, placementFile } from "generators/components/placement.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { checkSecondPlaces, recordedPlaces } from "scripts/seal/places.ts";
import { expect, test } from "vitest";
import { temporary } from "../../support/artifacts.ts";
import { local, staging } from "../../support/networks.ts";

const [first] = staging.validators as [Validator];

/** A folder in which an overlay records where the first validator's key is. */
function recorded(overlay: string, file: string, record: object): string {
  const root = temporary("places");
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(record));
  expect(path).toContain(`/overlays/${overlay}/`);
  return root;
}

const withLock = (
  overlay: string,
  change: { network?: string; cluster?: string; namespace?: string; secret?: string },
) => {
  const { network = "staging", secret = "mezo-node-0-keystore", ...place } = change;
  const { nodeId, accountAddress, consensusPubKey } = first;
  const entry = {
    cluster: placement(staging).cluster,
    namespace: "default",
    ...place,
    scope: "strict",
    certificate: "0".repeat(64),
    keys: [],
    content: `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`,
    file: "0".repeat(64),
    validator: { nodeId, accountAddress, consensusPubKey },
  };
  const lock = { version: 2, network, chainId: "mezo_31611-1", serial: 1, secrets: { [secret]: entry } };
  return recorded(overlay, lockFile(overlay), lock);
};

const withPlacement = (overlay: string, of: Network) => recorded(overlay, placementFile(overlay), placement(of));

const found = (root: string, network: Network = staging) =>
  [...checkSecondPlaces(network, network.validators, recordedPlaces(root))].map(
    ({ object, message }) => `${object}: ${message}`,
  );

const here = "default/mezo-node-0-keystore of staging on gke:mezo-test-420708/us-central1/mezo-staging-gke-cluster";
const pausedFirst: Network = { ...staging, paused: [{ validator: 0, reason: "it moves elsewhere" }] };

test.each<[string, () => string, string]>([
  ["another network", () => withLock("other", { network: "other" }), here.replace("of staging", "of other")],
  [
    "an overlay whose network is declared no more",
    () => withPlacement("old", { ...staging, name: "old" }),
    here.replace("of staging", "of old"),
  ],
  [
    "another cluster, says the lock",
    () => withLock("staging", { cluster: "gke:a/b/c" }),
    here.replace(/gke:.*/, "gke:a/b/c"),
  ],
  [
    "another namespace, says the lock",
    () => withLock("staging", { namespace: "elsewhere" }),
    here.replace("default", "elsewhere"),
  ],
  [
    "another validator's name",
    () => withLock("staging", { secret: "mezo-node-7-keystore" }),
    here.replace("node-0", "node-7"),
  ],
  [
    "another namespace, says the placement",
    () => withPlacement("staging", { ...staging, namespace: "elsewhere" }),
    here.replace("default", "elsewhere"),
  ],
])("a key of %s is not sealed for a second place", (_place, make, other) => {
  expect(found(make())).toContainEqual(
    expect.stringMatching(
      new RegExp(
        `^mezo-node-0/config/priv_validator_key.json: has the consensus key of ${other}, says overlays/\\w+/(keystores/seal.lock|placement).json, and would be sealed as ${here}: one key at two places signs twice; pause the validator, and move it as docs/runbooks/move-a-key.md says$`,
      ),
    ),
  );
});

test("a key is sealed again for its own place, and for another one once it is paused", () => {
  expect(found(withLock("staging", {}))).toEqual([]);
  expect(found(withPlacement("staging", staging))).toEqual([]);
  expect(found(withLock("staging", { namespace: "elsewhere" }), pausedFirst)).toEqual([]);
  expect(found(temporary("places"))).toEqual([]);
});

test("where nothing has run, nothing signs", () => {
  expect(found(withPlacement("local", { ...local, namespace: "elsewhere" }), local)).toEqual([]);
});
