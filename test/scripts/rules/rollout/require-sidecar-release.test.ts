import { type Workload, workloads } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/rollout/require-sidecar-release.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { built, readyForLater, withRelease } from "../../../support/releases.ts";
import { copied, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

const own = withRelease("v4.0.1");
const { manifests: v4 } = await built(own);
const { repository } = network.image;

test("staging passes, and so does a release with sidecars in the validators' pods", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, v4, own)).toEqual([]);
});

test("the sidecar that all share, of another release", () => {
  const { manifests, object } = staging();
  podSpec(object("Deployment/ethereum-sidecar")).containers[0].image = `${repository}:v0.6.0-rc2`;
  expect(findings(rule, manifests)).toEqual([
    `Deployment/ethereum-sidecar spec.template.spec.containers[0].image: must be ${repository}:v0.2.0-rc3, as of the node in mezo-node-0; is ${repository}:v0.6.0-rc2`,
  ]);
});

test("a sidecar in a validator's pod, of another release than its node", () => {
  const { manifests, object } = copied(v4);
  podSpec(object("StatefulSet/mezo-node-3")).containers[1].image = `${repository}:v5.0.0`;
  expect(findings(rule, manifests, own)).toEqual([
    `StatefulSet/mezo-node-3 spec.template.spec.containers[1].image: must be ${repository}:v4.0.1, as of the node in mezo-node-3; is ${repository}:v5.0.0`,
  ]);
});

test("in a staged upgrade the shared sidecar is that of the others, and an own one that of its node", async () => {
  const shared = withRelease("v0.2.0-rc3", { stagedUpgrade: { tag: "v0.2.1", validators: [0] } });
  expect(findings(rule, (await built(shared)).manifests, shared)).toEqual([]);
  // One validator on each machine leaves room for both kinds.
  const gke = { ...(network.gke as NonNullable<typeof network.gke>), nodes: 5 };
  const mixed = withRelease("v3.0.1", { ...readyForLater, gke, stagedUpgrade: { tag: "v4.0.1", validators: [0] } });
  const { manifests } = await built(mixed);
  expect(findings(rule, manifests, mixed)).toEqual([]);
  expect(workloads(manifests).flatMap(imagesOfSidecars)).toEqual([
    `mezo-node-0 ${repository}:v4.0.1`,
    `ethereum-sidecar ${repository}:v3.0.1`,
  ]);
  const each = withRelease("v4.0.0", { stagedUpgrade: { tag: "v4.0.1", validators: [0] } });
  expect(findings(rule, (await built(each)).manifests, each)).toEqual([]);
});

const imagesOfSidecars = ({ manifest, template: { spec } }: Workload) =>
  (spec?.containers ?? []).flatMap(({ name, image }) =>
    name === "ethereum-sidecar" ? [`${manifest.metadata.name} ${image}`] : [],
  );
