import { stripVTControlCharacters } from "node:util";
import type { Api, Fact } from "scripts/lib/cluster/api.ts";
import { collectSnapshots, snapshotFacts } from "scripts/status/collect-snapshots.ts";
import type { SnapshotFacts } from "scripts/status/facts.ts";
import { judgeSnapshots } from "scripts/status/judge-snapshots.ts";
import { statusScreen } from "scripts/status/screen.ts";
import { expect, test } from "vitest";
import { local } from "../../support/networks.ts";
import { localWithSnapshots } from "../../support/snapshots.ts";
import { healthy, now } from "../../support/status/facts.ts";

const network = localWithSnapshots();
const hours = (count: number) => now - count * 3_600_000;
const at = (time: number) => new Date(time).toISOString();
const made = (pod: string, time: number, status: object | undefined) => ({
  metadata: { labels: { pod }, creationTimestamp: at(time) },
  ...(status && { status }),
});

test("of each volume the newest counts that can be used, by when its disk was copied", () => {
  const items = [
    made("mezo-rpc-node-0", hours(32), { readyToUse: true, creationTime: at(hours(31)) }),
    made("mezo-rpc-node-0", hours(56), { readyToUse: true }),
    made("mezo-rpc-node-0", hours(8), { readyToUse: false, creationTime: at(hours(8)) }),
    made("mezo-rpc-node-0", hours(1), undefined),
    made("mezo-rpc-node-1", hours(2), { readyToUse: true }),
  ];
  expect(snapshotFacts(network, items)).toEqual([
    { pod: "mezo-rpc-node-0", newest: hours(31) },
    { pod: "mezo-node-3-0" },
  ]);
});

const verdicts = (snapshots: Fact<SnapshotFacts[]>) =>
  judgeSnapshots(network, { ...healthy(), snapshots }).map(({ level, about, says }) => `${level} ${about} ${says}`);
const both = (rpc: number | undefined, validator: number | undefined) => ({
  value: [
    { pod: "mezo-rpc-node-0", ...(rpc !== undefined && { newest: hours(rpc) }) },
    { pod: "mezo-node-3-0", ...(validator !== undefined && { newest: hours(validator) }) },
  ],
});

test.each<[string, Fact<SnapshotFacts[]>, string]>([
  ["new", both(8, 8), "ok snapshots that can be used: mezo-rpc-node-0 8 h old, mezo-node-3-0 8 h old"],
  // They are made each day.
  ["two days old", both(8, 48), "ok snapshots that can be used: mezo-rpc-node-0 8 h old, mezo-node-3-0 2 days old"],
  ["older", both(8, 49), "warning snapshots that can be used: mezo-rpc-node-0 8 h old, mezo-node-3-0 2 days old"],
  ["missing", both(undefined, 8), "warning snapshots that can be used: mezo-rpc-node-0 none, mezo-node-3-0 8 h old"],
  ["not shown", { unknown: "no permission" }, "warning snapshots are not shown (no permission)"],
])("snapshots that are %s", (_, fact, says) => {
  expect(verdicts(fact)).toEqual([says]);
});

test("a network that makes none asks for none and says nothing of them", async () => {
  const asked: [string, object | undefined][] = [];
  const request = async (path: string, options?: object) => {
    asked.push([path, options]);
    return { items: [] };
  };
  const api = { request } as unknown as Api;
  expect(await collectSnapshots(local, api)).toBeUndefined();
  expect(judgeSnapshots(local, healthy())).toEqual([]);
  expect(await collectSnapshots(network, api)).toEqual({
    value: [{ pod: "mezo-rpc-node-0" }, { pod: "mezo-node-3-0" }],
  });
  expect(asked).toEqual([
    [
      "/apis/snapshot.storage.k8s.io/v1/namespaces/mezo-local/volumesnapshots",
      { query: { labelSelector: "app=mezo,type=snapshot,network=local" } },
    ],
  ]);
});

test("the screen has one line of them", () => {
  const facts = { ...healthy(), snapshots: both(8, 8) };
  const text = stripVTControlCharacters(statusScreen(network, facts, judgeSnapshots(network, facts)));
  expect(text).toContain("\nsnapshots that can be used: mezo-rpc-node-0 8 h old, mezo-node-3-0 8 h old\n");
});
