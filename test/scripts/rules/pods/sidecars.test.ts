import validSidecar from "scripts/rules/pods/valid-sidecar.ts";
import validValidators from "scripts/rules/pods/valid-validators.ts";
import type { Rule } from "scripts/rules/rule.ts";
import validNetworkPolicies from "scripts/rules/traffic/valid-network-policies.ts";
import validServices from "scripts/rules/traffic/valid-services.ts";
import { expect, test } from "vitest";
import { built, withRelease } from "../../../support/releases.ts";
import { type Any, copied, findings, podSpec } from "../../../support/rules/overlay.ts";

// Releases with other sidecars than staging has, as rules see them.
const network = withRelease("v4.0.1");
const { manifests: rendered } = await built(network);

test.each([validSidecar, validValidators, validNetworkPolicies, validServices])(
  "$id: staging with v4.0.1 passes",
  (rule) => {
    expect(findings(rule, rendered, network)).toEqual([]);
  },
);

const sidecarOf = (object: Any) => podSpec(object).containers[1];
const oracle = (object: Any) => podSpec(object).containers[0];

test.each<[rule: Rule, id: string, fault: string, change: (object: Any) => void, message: string]>([
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "the sidecar decides whether the validator is ready",
    (o) => (sidecarOf(o).readinessProbe = { tcpSocket: { port: 7500 } }),
    "containers[1].readinessProbe: must not be set",
  ],
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "the password in the environment",
    (o) =>
      sidecarOf(o).env.push({
        name: "PASSWORD",
        valueFrom: { secretKeyRef: { name: "mezo-node-0-keystore", key: "keyring_password.txt" } },
      }),
    "containers[1].env[2]: must not be there",
  ],
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "the sidecar has the consensus key",
    (o) => sidecarOf(o).volumeMounts.push({ name: "config", mountPath: "/mnt/.mezod/config" }),
    "containers[1].volumeMounts[4]: must not be there",
  ],
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "the node has the password",
    (o) => podSpec(o).containers[0].volumeMounts.push({ name: "sidecar", mountPath: "/sidecar" }),
    'must not be there: {"name":"sidecar","mountPath":"/sidecar"}',
  ],
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "no node starts without the password",
    (o) => delete podSpec(o).volumes.find(({ name }: Any) => name === "sidecar").projected.sources[0].secret.optional,
    "secret.optional: must be true, is missing",
  ],
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "another validator's keyring",
    (o) => (sidecarOf(o).env[1].value = "mezo-node-1-key"),
    "must be mezo-node-0-key, is mezo-node-1-key",
  ],
  [validValidators, "StatefulSet/mezo-node-0", "no sidecar", (o) => podSpec(o).containers.pop(), "containers[1]"],
  [
    validValidators,
    "StatefulSet/mezo-node-0",
    "another's oracle",
    (o) =>
      (podSpec(o).containers[0].env.find(({ name }: Any) => name === "MEZOD_ORACLE_ORACLE_ADDRESS").value = "a:8080"),
    "must be mezo-node-0-connect.default.svc.cluster.local:8080, is a:8080",
  ],
  [
    validSidecar,
    "Deployment/mezo-node-2-connect",
    "an image by a tag",
    (o) => (oracle(o).image = "ghcr.io/skip-mev/connect-sidecar:v2.1.2"),
    "containers[0].image: must be ghcr.io/skip-mev/connect-sidecar@sha256:",
  ],
  [
    validSidecar,
    "Deployment/mezo-node-2-connect",
    "another validator's markets",
    (o) => (oracle(o).args[4] = "--market-map-endpoint=mezo-node-1-internal:9090"),
    "args[4]: must be --market-map-endpoint=mezo-node-2-internal.default.svc.cluster.local:9090",
  ],
  [
    validSidecar,
    "Deployment/mezo-node-2-connect",
    "a keystore",
    (o) => podSpec(o).volumes.push({ name: "keys", secret: { secretName: "mezo-node-2-keystore" } }),
    "volumes[1]: must not be there",
  ],
  [
    validNetworkPolicies,
    "NetworkPolicy/mezo-connect",
    "prices for everybody",
    (o) => delete o.spec.ingress[0].from,
    "spec.ingress[0].from[0]",
  ],
  [
    validNetworkPolicies,
    "NetworkPolicy/mezo-node-connect",
    "gRPC for everybody",
    (o) => delete o.spec.ingress[0].from,
    "spec.ingress[0].from[0]",
  ],
  [
    validNetworkPolicies,
    "NetworkPolicy/mezo-node-1-ethereum",
    "every port",
    (o) => delete o.spec.egress[0].ports,
    "spec.egress[0].ports[0]",
  ],
  [
    validServices,
    "Service/mezo-node-1-connect",
    "another validator's prices",
    (o) => (o.spec.selector.id = "2"),
    "spec.selector.id: must be 1, is 2",
  ],
])("$id: %s: %s", (rule, id, _fault, change, message) => {
  const { manifests, object } = copied(rendered);
  change(object(id));
  expect(findings(rule, manifests, network).join("\n")).toContain(message);
});

test("a sidecar that validators share has no place beside their own", () => {
  const { manifests, object } = copied(rendered);
  const other = structuredClone(object("Deployment/mezo-node-0-connect"));
  manifests.push({ ...other, metadata: { ...other.metadata, name: "ethereum-sidecar" } });
  expect(findings(validSidecar, manifests, network)).toEqual([
    "Deployment/ethereum-sidecar : the network has no such object",
  ]);
});

test("peers at another port have a policy, and need it", async () => {
  const peers = [{ name: "other", nodeId: "ab".repeat(20), address: "a.example:27000" }];
  const described = withRelease("v0.2.0-rc3", { peers });
  const { manifests } = await built(described);
  expect(findings(validNetworkPolicies, manifests, described)).toEqual([]);
  const { manifests: without, remove } = copied(manifests);
  remove("NetworkPolicy/mezo-node-peers");
  expect(findings(validNetworkPolicies, without, described)).toEqual([
    "NetworkPolicy/mezo-node-peers : there must be one; there are 0",
  ]);
});
