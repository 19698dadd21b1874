import rule from "scripts/rules/rollout/require-pinned-image.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { built } from "../../../support/releases.ts";
import { copied, findings, podSpec, staging } from "../../../support/rules/overlay.ts";
import { withSnapshots } from "../../../support/snapshots.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const field = "spec.template.spec.containers[0].image";
const image = `${network.image.repository}:${network.image.tag}`;

test.each(["mezo-node", "mezo-node:latest", "mezo-node:main", "mezo-node@sha256:abc"])("%s is not pinned", (image) => {
  const { manifests, object } = staging();
  podSpec(object("Deployment/ethereum-sidecar")).containers[0].image = image;
  expect(findings(rule, manifests)).toEqual([
    `Deployment/ethereum-sidecar ${field}: must be pinned to a release or a digest, is ${image}`,
  ]);
});

test("the image of a job on a schedule, at its own field", async () => {
  const snapshots = withSnapshots();
  const { manifests, object } = copied((await built(snapshots)).manifests);
  object("CronJob/mezo-snapshots").spec.jobTemplate.spec.template.spec.containers[0].image = "alpine/kubectl:latest";
  expect(findings(rule, manifests, snapshots)).toEqual([
    "CronJob/mezo-snapshots spec.jobTemplate.spec.template.spec.containers[0].image: must be pinned to a release or a digest, is alpine/kubectl:latest",
  ]);
});

test("a digest passes", () => {
  const { manifests, object } = staging();
  podSpec(object("Deployment/ethereum-sidecar")).containers[0].image = `mezo-node@sha256:${"0".repeat(64)}`;
  expect(findings(rule, manifests)).toEqual([]);
});

test("one validator on another release", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-4")).containers[0].image = "mezo-node:v0.3.0";
  expect(findings(rule, manifests)[0]).toContain(
    `StatefulSet/mezo-node-4 ${field}: must be ${image}, as in mezo-node-0; is mezo-node:v0.3.0`,
  );
});

test("a validator of a staged upgrade may run another release, the others may not", () => {
  const staged = { ...network, stagedUpgrade: { tag: "v0.3.0", validators: [4] } };
  const { manifests, object } = staging();
  for (const container of ["initContainers", "containers"]) {
    podSpec(object("StatefulSet/mezo-node-4"))[container][0].image = "mezo-node:v0.3.0";
  }
  expect(findings(rule, manifests, staged)).toEqual([]);
  podSpec(object("StatefulSet/mezo-node-3")).containers[0].image = "mezo-node:v0.3.0";
  expect(findings(rule, manifests, staged)).toEqual([
    `StatefulSet/mezo-node-3 ${field}: must be ${image}, as in mezo-node-0; is mezo-node:v0.3.0`,
  ]);
});

test("an image that is mounted as a volume is pinned, too", () => {
  const { manifests, object } = staging();
  const { volumes } = podSpec(object("StatefulSet/mezo-node-4"));
  volumes.push({ name: "next", image: { reference: "mezo-node:v0.3.0-rc3" } });
  expect(findings(rule, manifests)).toEqual([]);
  volumes.at(-1).image.reference = "mezo-node:latest";
  expect(findings(rule, manifests)).toEqual([
    `StatefulSet/mezo-node-4 spec.template.spec.volumes[${volumes.length - 1}].image.reference: must be pinned to a release or a digest, is mezo-node:latest`,
  ]);
});
