import rule from "scripts/rules/chain/unique-keystore-mounts.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.template.spec.volumes";

test("another validator's keystore", () => {
  const { manifests, object } = staging();
  const keyring = podSpec(object("StatefulSet/mezo-node-1")).volumes.find(
    ({ name }: { name: string }) => name === "keyring",
  );
  keyring.secret.secretName = "mezo-node-0-keystore";
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-1 ${field}: mounts mezo-node-0-keystore, which mezo-node-0 mounts too`,
    `StatefulSet/mezo-node-1 ${field}: must not mount mezo-node-0-keystore: it belongs to mezo-node-0`,
  ]);
});

test("a key in another pod's environment", () => {
  const { manifests, object } = staging();
  const [container] = podSpec(object("Deployment/ethereum-sidecar")).containers;
  container.env.push({
    name: "KEY",
    valueFrom: { secretKeyRef: { name: "mezo-node-0-keystore", key: "node_key.json" } },
  });
  expect(findings(rule, manifests)).toContain(
    `Deployment/ethereum-sidecar ${field}: mounts mezo-node-0-keystore, which mezo-node-0 mounts too`,
  );
});
