import { judgeKinds } from "scripts/check-cluster/kinds.ts";
import { collectDrivers, judgeDrivers } from "scripts/check-cluster/snapshots.ts";
import type { Subject } from "scripts/check-cluster/subject.ts";
import { expect, test } from "vitest";
import { staging } from "../../support/networks.ts";
import { localWithSnapshots, withSnapshots } from "../../support/snapshots.ts";

const gke = "pd.csi.storage.gke.io";

test.each([
  [
    "is there",
    withSnapshots(),
    { value: [gke, "other"] },
    [`ok snapshots are made by the CSI driver ${gke}, which the cluster has`],
  ],
  [
    "of its own is there",
    localWithSnapshots(),
    { value: ["hostpath.csi.k8s.io"] },
    ["ok snapshots are made by the CSI driver hostpath.csi.k8s.io, which the cluster has"],
  ],
  [
    "is missing",
    localWithSnapshots(),
    { value: [gke] },
    [`error snapshots want the CSI driver hostpath.csi.k8s.io; the cluster has ${gke}`],
  ],
  [
    "is missing, as all others",
    withSnapshots(),
    { value: [] },
    [`error snapshots want the CSI driver ${gke}; the cluster has none`],
  ],
  [
    "is not shown",
    withSnapshots(),
    { unknown: "no permission" },
    [`warning snapshots may have no CSI driver ${gke} (no permission)`],
  ],
  ["is not asked for where nobody makes snapshots", staging, undefined, []],
])("a driver that %s", (_, network, fact, expected) => {
  const verdicts = judgeDrivers(network, fact);
  expect(verdicts.map(({ level, about, says }) => `${level} ${about} ${says}`)).toEqual(expected);
  for (const { level, remedy } of verdicts) expect(remedy !== undefined).toBe(level !== "ok");
});

test("the drivers are asked for where snapshots are declared, and nowhere else", async () => {
  const asked: string[] = [];
  const request = async (path: string) => {
    asked.push(path);
    return { items: [{ metadata: { name: gke } }] };
  };
  const of = (network: Subject["network"]) => collectDrivers({ api: { request }, network } as unknown as Subject);
  expect(await of(staging)).toBeUndefined();
  expect(await of(withSnapshots())).toEqual({ value: [gke] });
  expect(asked).toEqual(["/apis/storage.k8s.io/v1/csidrivers"]);
});

test("a cluster without the kinds of snapshots is told what brings them", () => {
  const apiVersion = "snapshot.storage.k8s.io/v1";
  const objects = [{ apiVersion, kind: "VolumeSnapshotClass", metadata: { name: "a" } }];
  const [verdict] = judgeKinds({ objects, argocdObjects: [] }, new Map([[apiVersion, { value: [] }]]));
  expect(verdict).toMatchObject({
    level: "error",
    says: `VolumeSnapshotClass of ${apiVersion} is not known to the API server`,
    remedy: expect.stringContaining("external-snapshotter"),
  });
});
