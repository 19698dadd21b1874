import rule from "scripts/rules/rollout/valid-gates.ts";
import { expect, test } from "vitest";
import { local, staging as network } from "../../../support/networks.ts";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const pod = "spec.template.spec";
const gate = `${pod}.containers[0]`;

test.each<[string, (job: Any) => void, string]>([
  [
    "in the wave of its batch",
    (job) => (job.metadata.annotations["argocd.argoproj.io/sync-wave"] = "4"),
    'metadata.annotations["argocd.argoproj.io/sync-wave"]: must be 3, is 4',
  ],
  [
    "before the sync",
    (job) => (job.metadata.annotations["argocd.argoproj.io/hook"] = "PreSync"),
    'metadata.annotations["argocd.argoproj.io/hook"]: must be Sync, is PreSync',
  ],
  [
    "deleted when it failed",
    (job) => (job.metadata.annotations["argocd.argoproj.io/hook-delete-policy"] = "HookFailed"),
    'metadata.annotations["argocd.argoproj.io/hook-delete-policy"]: must be BeforeHookCreation, is HookFailed',
  ],
  ["with a token", (job) => delete podSpec(job).automountServiceAccountToken, "must be false, is missing"],
  [
    "of another account",
    (job) => (podSpec(job).serviceAccountName = "admin"),
    `${pod}.serviceAccountName: must not be set, is admin`,
  ],
  ["of another image", (job) => (podSpec(job).containers[0].image = "busybox:1.37.0"), `${gate}.image: must be us-`],
  [
    "with a command of its own",
    (job) => (podSpec(job).containers[0].command = ["/bin/sh", "-c", "exit 0"]),
    `${gate}.command[1]: must be /scripts/gate.sh, is -c`,
  ],
  [
    "for another batch",
    (job) => (podSpec(job).containers[0].env[3].value = ""),
    `${gate}.env[3].value: must be mezo-node-1-internal=`,
  ],
  [
    "with the fingerprint of what runs already",
    (job) => (podSpec(job).containers[0].env[6].value = "0".repeat(64)),
    `${gate}.env[6].value: must be `,
  ],
  [
    "with a validator's keys",
    (job) => podSpec(job).volumes.push({ name: "keys", secret: { secretName: "mezo-node-0-keystore" } }),
    `${pod}.volumes[3]: must not be there`,
  ],
  ["that tries again", (job) => (job.spec.backoffLimit = 6), "spec.backoffLimit: must be 0, is 6"],
])("a gate %s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(object("Job/mezo-gate-2"));
  const found = findings(rule, manifests);
  expect(found[0]).toContain(message);
  expect(found.filter((line) => !line.startsWith("Job/mezo-gate-2 "))).toEqual([]);
});

test("a batch without its gate, or without the note behind it", () => {
  const { manifests, remove } = staging();
  remove("Job/mezo-gate-3");
  remove("ConfigMap/mezo-gate-4-done");
  expect(findings(rule, manifests)).toEqual([
    "Job/mezo-gate-3 : there must be one, before its batch",
    "ConfigMap/mezo-gate-4-done : there must be one, after its batch",
  ]);
});

test("a note before its batch", () => {
  const { manifests, object } = staging();
  object("ConfigMap/mezo-gate-2-done").metadata.annotations["argocd.argoproj.io/sync-wave"] = "3";
  expect(findings(rule, manifests)[0]).toContain("must be 5, is 3");
});

test("another Job", () => {
  const { manifests, object } = staging();
  const job = structuredClone(object("Job/mezo-gate-1"));
  manifests.push({ ...job, metadata: { ...job.metadata, name: "migrate" } });
  expect(findings(rule, manifests)).toEqual(["Job/migrate kind: must not be Job: only gates are"]);
});

test("no gates where all validators restart at once, or where Argo CD does not deploy the network", () => {
  const { manifests } = staging();
  for (const ungated of [{ ...network, rollout: "all-at-once" as const }, local]) {
    expect(findings(rule, manifests, ungated)).toEqual(
      network.validators.map((_, i) => `Job/mezo-gate-${i + 1} kind: must not be Job: only gates are`),
    );
  }
});

test("a paused validator must not sign before the next batch, and is not asked", () => {
  const paused = { ...network, paused: [{ validator: 0, reason: "its machine burned down" }] };
  const { manifests } = staging();
  const found = findings(rule, manifests, paused).filter((line) => line.startsWith("Job/mezo-gate-2 "));
  expect(found.some((line) => line.startsWith(`Job/mezo-gate-2 ${gate}.env[4].value: must not be set`))).toBe(true);
  expect(found.some((line) => line.includes(`${gate}.env[5].value: must be mezo-node-0-internal=`))).toBe(true);
  expect(found).toHaveLength(3);
});
