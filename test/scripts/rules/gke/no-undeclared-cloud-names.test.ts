import rule from "scripts/rules/gke/no-undeclared-cloud-names.ts";
import { expect, test } from "vitest";
import { local, staging as network } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["Ingress/mezo-rpc", "kubernetes.io/ingress.global-static-ip-name", "mezo-staging-rpc-external-ip, "],
  ["Ingress/mezo-rpc-ws", "ingress.gcp.kubernetes.io/pre-shared-cert", "mezo-staging-rpc-ssl-"],
  ["Service/mezo-node-4", "networking.gke.io/load-balancer-ip-addresses", "mezo-staging-node-0-"],
])("%s %s", (id, annotation, declared) => {
  const { manifests, object } = staging();
  object(id).metadata.annotations[annotation] = "mezo-stagin";
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  const message = `must be declared in the network's \`gke\` (${declared}`;
  expect(found[0]).toContain(`${id} metadata.annotations["${annotation}"]: ${message}`);
  expect(found[0]).toMatch(/is mezo-stagin$/);
});

test("a network without a cloud declares none", () => {
  const found = findings(rule, staging().manifests, local);
  // An address each, and for each of the two Ingresses an address and a certificate.
  expect(found).toHaveLength(network.validators.length + 4);
  expect(found[0]).toContain("must be declared in the network's `gke` (nothing), is ");
});
