import { heightOfStop } from "generators/mezod/upgrade-path.ts";
import { defineNetwork } from "generators/network/define.ts";
import { imageOf, releaseOf } from "generators/network/release.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import { down, running } from "generators/network/validators.ts";
import { expect, test } from "vitest";
import { local, staging } from "../../support/networks.ts";
import { connectSidecar, readyForLater } from "../../support/releases.ts";

type Upgrade = NonNullable<NetworkInput["upgrade"]>;

const plan: Upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
const { gke } = staging;
const recent = { gke: { ...(gke as NonNullable<typeof gke>), version: "1.35" } };
const repository = staging.image.repository;

const withUpgrade = (upgrade: unknown, more: object = {}) =>
  defineNetwork({ ...staging, ...recent, ...readyForLater, upgrade, ...more } as NetworkInput);
const from = (tag: string) => ({ image: { repository, tag } });
const mainnet = { chain: { ...staging.chain, id: "mezo_31612-1" } };

test.each<[string, () => unknown]>([
  ["the next halt of the chain", () => withUpgrade(plan)],
  [
    "the same by a digest",
    () => withUpgrade({ ...plan, tag: undefined, digest: `sha256:${"0".repeat(64)}`, release: "v0.3.0-rc3" }),
  ],
  ["a fork", () => withUpgrade({ before: 1_745_000, tag: "v0.4.0-rc1" }, from("v0.3.0-rc3"))],
  [
    "a halt of the mainnet",
    () => withUpgrade({ name: "v2.0.0", height: 706_500, tag: "v2.0.1" }, { ...from("v1.0.0"), ...mainnet }),
  ],
  [
    "a halt that the table does not know yet",
    () => withUpgrade({ name: "v14.0.0", height: 15_500_000, tag: "v14.0.0" }, from("v13.0.0")),
  ],
  [
    "a chain of one's own, whose heights are its own",
    () => defineNetwork({ ...local, connectSidecar, upgrade: { ...plan, height: 60 } } as NetworkInput),
  ],
])("%s is taken", (_, define) => {
  expect(define).not.toThrow();
});

test.each<[string, () => unknown, string]>([
  [
    "an older GKE",
    () => defineNetwork({ ...staging, connectSidecar, upgrade: plan } as NetworkInput),
    "needs GKE 1.35 or newer, and gke.version is 1.33: raise it once the cluster runs that, or take the field out and go by docs/runbooks/planned-halt.md",
  ],
  ["neither a plan nor a fork", () => withUpgrade({ tag: "v0.3.0-rc3" }), "must be { name:"],
  ["a plan and a fork", () => withUpgrade({ ...plan, before: 5 }), "must be { name:"],
  ["a name that a shell would read", () => withUpgrade({ ...plan, name: "$(x)" }), "must be the name of the plan"],
  ["no height", () => withUpgrade({ ...plan, height: 0 }), "must be 1 or more"],
  ["a tag that moves", () => withUpgrade({ ...plan, tag: "latest" }), 'upgrade.tag: "latest" moves: pin a release'],
  ["no release", () => withUpgrade({ name: "v0.3.0", height: 1_093_500 }), "must have a tag or a digest"],
  [
    "a staged upgrade beside it",
    () => withUpgrade(plan, { stagedUpgrade: { tag: "v0.2.1", validators: [4] } }),
    "stagedUpgrade: ",
  ],
  [
    "an earlier release",
    () => withUpgrade(plan, from("v0.4.0-rc1")),
    'upgrade.tag: "v0.3.0-rc3" must be a later release than v0.4.0-rc1, which the network runs',
  ],
  [
    "a release of the same line",
    () => withUpgrade({ name: "v4.0.1", height: 7_000_000, tag: "v4.0.1" }, from("v4.0.0")),
    'upgrade.tag: "v4.0.1" is of the line that the network runs (v4.0.1): the chain does not switch for it, so set image.tag',
  ],
  [
    "a plan of another name",
    () => withUpgrade({ ...plan, name: "v0.3.0-rc3" }),
    'upgrade.name: "v0.3.0-rc3" must be v0.3.0: v0.3.0-rc3 has a handler for the plan of that name',
  ],
  [
    "a plan of another name on any chain",
    () => defineNetwork({ ...local, connectSidecar, upgrade: { ...plan, height: 60, name: "v3" } } as NetworkInput),
    'upgrade.name: "v3" must be v0.3.0',
  ],
  [
    "another height than the chain's",
    () => withUpgrade({ ...plan, height: 1_093_501 }),
    "upgrade.height: 1093501 must be 1093500, the first block that v0.3.0-rc3 makes on mezo_31611-1",
  ],
  [
    "a release that skips a line",
    () => withUpgrade({ before: 1_745_000, tag: "v0.4.0-rc1" }),
    'upgrade.tag: "v0.4.0-rc1" must be the release after v0.2.0-rc3, which mezo_31611-1 leaves at block 1093500',
  ],
  [
    "a release that the chain never runs",
    () => withUpgrade({ name: "v1.0.0", height: 3_569_000, tag: "v1.0.0" }, from("v0.7.0-rc0")),
    "with which a chain begins: no chain upgrades to it",
  ],
  [
    "a plan for a fork",
    () => withUpgrade({ name: "v0.4.0", height: 1_745_000, tag: "v0.4.0-rc1" }, from("v0.3.0-rc3")),
    'must be left out: v0.4.0-rc1 forks the chain without a plan, so write { before: <height>, tag: "v0.4.0-rc1" }',
  ],
  [
    "a fork for a halt",
    () => withUpgrade({ before: 1_093_500, tag: "v0.3.0-rc3" }),
    "upgrade.before: 1093500 must be name and height: the chain halts for v0.3.0-rc3, by the plan v0.3.0",
  ],
  [
    "a height that is to be skipped",
    () => withUpgrade(plan, { emergency: { skipUpgrades: [7, 1_093_500] } }),
    "emergency.skipUpgrades[1]: 1093500 is upgrade.height: a plan is either carried out or skipped",
  ],
  [
    "the block at which nodes stop for the plan, to be skipped",
    () => withUpgrade(plan, { emergency: { skipUpgrades: [1_093_501] } }),
    "emergency.skipUpgrades[0]: 1093501 is where nodes stop for `upgrade`: a plan is either carried out or skipped",
  ],
  [
    "a height to skip twice",
    () => defineNetwork({ ...staging, emergency: { skipUpgrades: [7, 7] } } as NetworkInput),
    "emergency.skipUpgrades[1]: 7 is listed twice",
  ],
  [
    "a validator in maintenance that is paused",
    () => {
      const idle = [{ validator: 3, reason: "its machine burned down" }];
      return defineNetwork({ ...staging, paused: idle, maintenance: idle } as NetworkInput);
    },
    "maintenance[0].validator: 3 is in `paused`, too",
  ],
  [
    "maintenance without a reason",
    () => defineNetwork({ ...staging, maintenance: [{ validator: 3, reason: "x" }] } as NetworkInput),
    "must explain in a sentence what is done to the validator",
  ],
  [
    "maintenance of nobody",
    () =>
      defineNetwork({ ...staging, maintenance: [{ validator: 9, reason: "its database is copied" }] } as NetworkInput),
    "maintenance[0].validator: 9 must be the index of a validator",
  ],
])("%s is refused", (_, define, message) => {
  expect(define).toThrow(message);
});

const app = (settings: object) => ({ settings: { app: settings } });
const one = (settings: object) => ({ perValidator: [{ validator: 2, settings: { app: settings } }] });
const v12: Upgrade = { name: "v12.0.0", height: 14_705_350, tag: "v12.0.0" };
const tracers = { "json-rpc": { "enable-js-tracers": true } };
const v1: Upgrade = { name: "v1.0.0", height: 3_569_000, tag: "v1.0.0-rc0" };
const namespaces = (api: string) => ({ "json-rpc": { api } });

test.each<[string, () => unknown, string | undefined]>([
  [
    "a key of both releases",
    () => withUpgrade(v12, { ...from("v11.0.1"), ...app({ "iavl-cache-size": 1000 }) }),
    undefined,
  ],
  [
    "a key that the planned release brings",
    () => withUpgrade(v12, { ...from("v11.0.1"), ...app(tracers) }),
    'settings.app["json-rpc"]["enable-js-tracers"]: true is a setting since v12.0.0-rc0, and v11.0.1 does not read it: set it once the upgrade to v12.0.0 is finished',
  ],
  [
    "such a key of one validator",
    () => withUpgrade(v12, { ...from("v11.0.1"), ...one(tracers) }),
    'perValidator[0].settings.app["json-rpc"]["enable-js-tracers"]: true is a setting since v12.0.0-rc0, and v11.0.1 does not read it: set it once the upgrade to v12.0.0 is finished',
  ],
  [
    "such a key as a further one",
    () => withUpgrade(v12, { ...from("v11.0.1"), settings: { extra: { app: tracers } } }),
    'settings.extra.app["json-rpc"]["enable-js-tracers"]: true is a setting since v12.0.0-rc0, and v11.0.1 does not read it: set it once the upgrade to v12.0.0 is finished',
  ],
  [
    "a key that a release after the planned one brings",
    () =>
      withUpgrade(
        { ...v12, name: "v11.0.0", height: 13_206_900, tag: "v11.0.1" },
        { ...from("v10.0.0"), ...app(tracers) },
      ),
    "is a setting since v12.0.0-rc0, and v10.0.0 does not read it",
  ],
  [
    "a value that only the planned release knows",
    () => withUpgrade(v1, { ...from("v0.7.0-rc0"), ...app(namespaces("eth,net,web3,mezo")) }),
    'settings.app["json-rpc"].api: "eth,net,web3,mezo" must be',
  ],
  [
    "a value of both",
    () => withUpgrade(v1, { ...from("v0.7.0-rc0"), ...app(namespaces("eth,net,web3,txpool")) }),
    undefined,
  ],
  [
    "a key of a fork's release, which reads the files at once",
    () =>
      withUpgrade(
        { before: 7, tag: "v0.4.0-rc1" },
        {
          ...from("v0.3.0-rc3"),
          chain: { ...staging.chain, id: "mezo_31611-9" },
          ...app({ oracle: { interval: "2s" } }),
        },
      ),
    undefined,
  ],
])("while an upgrade is planned, of settings: %s", (_, define, message) => {
  if (message === undefined) expect(define).not.toThrow();
  else expect(define).toThrow(message);
});

test("before a halt the network runs its image, before a fork the release that knows it", () => {
  const halting = withUpgrade(plan);
  expect([imageOf(halting).tag, releaseOf(halting, 0)]).toEqual(["v0.2.0-rc3", "v0.2.0-rc3"]);
  const forking = withUpgrade({ before: 1_745_000, tag: "v0.4.0-rc1" }, from("v0.3.0-rc3"));
  expect(imageOf(forking)).toEqual({ repository, tag: "v0.4.0-rc1" });
  expect(releaseOf(forking, 0)).toBe("v0.4.0-rc1");
});

// v0.2.0-rc3 makes the plan v0.3.0 itself, in the block of its height.
test("what an old release writes is the height at which it stops", () => {
  expect(heightOfStop({ height: 1_093_500 }, "v0.3.0-rc3")).toBe(1_093_501);
  expect(heightOfStop({ height: 3_569_000 }, "v1.0.0-rc0")).toBe(3_569_000);
  expect(heightOfStop({ height: 16_000_000 }, "v14.0.0")).toBe(16_000_000);
});

test("a validator in maintenance counts as down, as a paused one does", () => {
  const maintenance = [{ validator: 3, reason: "its database is copied" }];
  const network = { ...staging, maintenance, paused: [{ validator: 1, reason: "its machine burned down" }] };
  expect(down(network)).toEqual([1, 3]);
  expect(running(network).map(({ index }) => index)).toEqual([0, 2, 4]);
});
