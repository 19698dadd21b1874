import { argocdOverlay } from "generators/components/argocd.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/argocd/valid-applications.ts";
import { expect, test } from "vitest";
import { staging } from "../../support/networks.ts";
import type { Any } from "../../support/rules/overlay.ts";

const argocd = { ...staging.argocd, notifications: { service: "slack", recipient: "mezo-staging" } };
const network = defineNetwork({ ...staging, argocd } as NetworkInput);

const objects = (...networks: (typeof staging)[]) =>
  Object.entries(argocdOverlay(networks)).flatMap(([file, object]) =>
    file === "kustomization.yaml" ? [] : [structuredClone(object) as Manifest],
  );
const messages = (manifests: Manifest[]) =>
  [...rule.check(manifests, undefined)].map(({ field, message }) => `${field}: ${message}`);
const ofKind = (manifests: Manifest[], kind: string): Any => manifests.find((each) => each.kind === kind);

test("a network without a channel subscribes nobody, and touches no settings of Argo CD", () => {
  expect(JSON.stringify(objects(staging))).not.toContain("notifications");
});

test("a network with a channel is told of failed, waiting, degraded and deployed", () => {
  const manifests = objects(network);
  const { annotations } = ofKind(manifests, "Application").metadata;
  const told = ["sync-failed", "sync-waits", "degraded", "deployed"];
  for (const what of told) {
    expect(annotations[`notifications.argoproj.io/subscribe.network-${what}.slack`]).toBe("mezo-staging");
    const { data } = ofKind(manifests, "ConfigMap");
    expect(JSON.parse(data[`trigger.network-${what}`])[0].send).toEqual([`network-${what}`]);
    expect(JSON.parse(data[`template.network-${what}`]).message).toContain("{{.app.metadata.name}}");
  }
  expect(Object.keys(ofKind(manifests, "ConfigMap").data)).toHaveLength(2 * told.length);
  expect(messages(manifests)).toEqual([]);
});

test.each<[string, (manifests: Manifest[]) => void, string]>([
  [
    "one subscription less",
    (all) =>
      delete ofKind(all, "Application").metadata.annotations[
        "notifications.argoproj.io/subscribe.network-degraded.slack"
      ],
    "network-degraded.slack",
  ],
  [
    "two recipients",
    (all) =>
      (ofKind(all, "Application").metadata.annotations["notifications.argoproj.io/subscribe.network-degraded.slack"] =
        "a;b"),
    "must be mezo-staging, is a;b",
  ],
  ["a service of its own", (all) => (ofKind(all, "ConfigMap").data["service.webhook.x"] = "url"), "must not be set"],
  [
    "a trigger that never comes",
    (all) => (ofKind(all, "ConfigMap").data["trigger.network-degraded"] = "[]"),
    "must be",
  ],
])("%s is refused", (_, change, message) => {
  const manifests = objects(network);
  change(manifests);
  expect(messages(manifests).join("\n")).toContain(message);
});
