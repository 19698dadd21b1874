import rule from "scripts/rules/gke/no-undeclared-cloud-names.ts";
import { expect, test } from "vitest";
import { local } from "../../../support/networks.ts";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["Ingress/mezo-rpc", "kubernetes.io/ingress.global-static-ip-name", "declared are mezo-staging-rpc-external-ip, "],
  ["Ingress/mezo-rpc-ws", "ingress.gcp.kubernetes.io/pre-shared-cert", "declared are mezo-staging-rpc-ssl-"],
  ["Service/mezo-node-4", "networking.gke.io/load-balancer-ip-addresses", "declared are mezo-staging-node-0-"],
])("%s %s", (id, annotation, declared) => {
  const { manifests, object } = staging();
  object(id).metadata.annotations[annotation] = "mezo-stagin";
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${id} metadata.annotations["${annotation}"]: "mezo-stagin": ${declared}`);
});

test("a network without a cloud declares none", () => {
  expect(findings(rule, staging().manifests, local)).toHaveLength(9);
  expect(findings(rule, staging().manifests, local)[0]).toContain("the network declares none");
});
