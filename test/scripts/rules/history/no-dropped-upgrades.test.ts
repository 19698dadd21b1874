import rule from "scripts/rules/history/no-dropped-upgrades.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier } from "../../../support/rules/history.ts";
import { podSpec, sealedStaging } from "../../../support/rules/overlay.ts";

const upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
const reference = `${network.image.repository}:v0.3.0-rc3`;

/** A commit at which every pod waited for the plan. */
function planned(image = reference) {
  const { manifests, object } = sealedStaging();
  for (const { index } of network.validators) {
    const pod = podSpec(object(`StatefulSet/mezo-node-${index}`));
    pod.containers[0].env.push({ name: "UPGRADE_NAME", value: "v0.3.0" }, { name: "UPGRADE_HEIGHT", value: "1093501" });
    pod.volumes.push({ name: "next", image: { reference: image } });
  }
  return earlier({ manifests });
}

const found = (now: typeof network, before = [planned()]) =>
  [...rule.check([], now, before)].map(({ severity, field, message }) => `${severity} ${field}: ${message}`);

const running = (tag: string) => ({ ...network, image: { ...network.image, tag } });
const gone = "warning upgrade: the upgrade v0.3.0 of commit abc1234 is gone, and the image is still v0.2.0-rc3";

test("a plan that stays, also with another release, and one that is finished", () => {
  expect(found({ ...network, upgrade })).toEqual([]);
  expect(found({ ...network, upgrade: { ...upgrade, tag: "v0.3.0-rc2" } })).toEqual([]);
  expect(found(running("v0.3.0-rc3"))).toEqual([]);
  expect(found(running("v0.4.0-rc1"))).toEqual([]);
});

test("a plan that is gone, and one that is another now", () => {
  expect(found(network)).toEqual([gone]);
  expect(found({ ...network, upgrade: { ...upgrade, height: 1_200_000 } })).toEqual([gone]);
  expect(found({ ...network, upgrade: { ...upgrade, name: "v0.3.1" } })).toEqual([gone]);
  expect(found(running("v0.3.0-rc1"))).toHaveLength(1);
  // Said once, whatever the commit before says.
  expect(found(network, [planned(), planned()])).toEqual([gone]);
});

test("nothing is known of a release that had a digest, and of commits without a plan", () => {
  expect(found(network, [planned(`${network.image.repository}@sha256:${"0".repeat(64)}`)])).toEqual([]);
  expect(found(network, [earlier()])).toEqual([]);
});
