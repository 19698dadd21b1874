import rule from "scripts/rules/pods/no-restored-validators.ts";
import { expect, test } from "vitest";
import { rpcNodes, withKeyless } from "../../../support/keyless.ts";
import { built } from "../../../support/releases.ts";
import { findings, findingsAfter, staging } from "../../../support/rules/overlay.ts";

test("staging passes, and so do RPC nodes whose volumes are copies", async () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  const storage = { ...rpcNodes.storage, from: { snapshot: "mezo-1" } };
  const network = withKeyless({ rpcNodes: { ...rpcNodes, storage } });
  expect(findings(rule, (await built(network)).manifests, network)).toEqual([]);
});

test.each(["dataSource", "dataSourceRef"])("a validator's volume by %s is refused", (field) => {
  const source = { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "mezo-1" };
  const found = findingsAfter(rule, "StatefulSet/mezo-node-1", ({ spec }) => {
    spec.volumeClaimTemplates[0].spec[field] = source;
  });
  expect(found).toEqual([
    `StatefulSet/mezo-node-1 spec.volumeClaimTemplates[0].spec.${field}: must not be set: VolumeSnapshot mezo-1 has an older signing state than the key`,
  ]);
});
