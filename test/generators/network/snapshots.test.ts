import { greatestGap } from "generators/network/snapshots.ts";
import { OperatorError } from "generators/operator-error.ts";
import { expect, test } from "vitest";
import { localWithSnapshots, snapshots, withSnapshots } from "../../support/snapshots.ts";

// biome-ignore lint/suspicious/noExplicitAny: these networks are wrong on purpose.
type Wrong = any;

const of = (...volumes: object[]) => ({ snapshots: { ...snapshots, of: volumes } });
const but = (change: object) => ({ snapshots: { ...snapshots, ...change } });
const reason = "its machine is replaced";

const faults: [fault: string, change: Wrong, message: string][] = [
  ["no volume", of(), "snapshots.of: [] must name at least one volume"],
  ["a volume of neither", of({ seed: 1 }), 'snapshots.of[0]: {"seed":1} must be { validator: <its index> } or'],
  ["a volume twice", of({ rpcNode: 0 }, { validator: 3 }, { rpcNode: 0 }), 'snapshots.of[2]: {"rpcNode":0} is listed'],
  [
    "a validator that is not there",
    of({ validator: 7 }),
    "snapshots.of[0].validator: 7 must be the index of a validator: 0, 1, 2, 3, 4",
  ],
  [
    "a validator that is paused",
    { paused: [{ validator: 3, reason }] },
    "snapshots.of[1].validator: 3 is in `paused`: no node writes that volume now",
  ],
  [
    "a validator in maintenance",
    { maintenance: [{ validator: 3, reason }] },
    "snapshots.of[1].validator: 3 is in `maintenance`: no node writes that volume now",
  ],
  [
    "an RPC node that is not there",
    of({ rpcNode: 2 }),
    "snapshots.of[0].rpcNode: 2 must be less than 2, which is rpcNodes.replicas",
  ],
  [
    "RPC nodes that are not there",
    { rpcNodes: undefined },
    "snapshots.of[0].rpcNode: 0 must be left out: the network has no rpcNodes",
  ],
  ["nothing kept", but({ keep: 0 }), "snapshots.keep: 0 must be 1 to 100"],
  ["too many kept", but({ keep: 101 }), "snapshots.keep: 101 must be 1 to 100"],
  [
    "an image that moves",
    but({ image: "alpine/kubectl:latest" }),
    "must be an image by a release of three numbers or a digest",
  ],
  [
    "an image without a release",
    but({ image: "alpine/kubectl" }),
    "must be an image by a release of three numbers or a digest",
  ],
  [
    "a driver of another form",
    but({ driver: "PD CSI" }),
    'snapshots.driver: "PD CSI" must be the name of a CSI driver',
  ],
  ["a day that never comes", but({ schedule: "0 0 30 2 *" }), 'snapshots.schedule: "0 0 30 2 *" must name a day that'],
  ["an hour that never comes", but({ schedule: "0 24 * * *" }), "must be a schedule of cron, such as"],
  ["an unknown name", but({ schedule: "0 3 * * xyz" }), "must be a schedule of cron, such as"],
  // What other programs read, and Kubernetes refuses or reads otherwise.
  ...[
    "@daily",
    "0 3 * *",
    "0 0 3 * * *",
    "0 3 L * *",
    "0 3 15W * *",
    "0 3 * * 5L",
    "0 3 * * 1#2",
    "0 3 * * 7",
    "0 3 ? * *",
    "TZ=UTC 0 3 * * *",
  ].map((schedule): [string, Wrong, string] => [
    `the schedule ${schedule}`,
    but({ schedule }),
    `snapshots.schedule: ${JSON.stringify(schedule)} must be a schedule of cron in UTC`,
  ]),
];

test.each(faults)("%s is refused", (_fault, change, message) => {
  expect(() => withSnapshots(change)).toThrow(OperatorError);
  expect(() => withSnapshots(change)).toThrow(message);
});

test("without gke the driver must be there; on GKE it may be another", () => {
  expect(() => localWithSnapshots({ snapshots })).toThrow(
    "snapshots.driver: is missing: without gke nobody knows the CSI driver of the volumes",
  );
  expect(withSnapshots(but({ driver: "filestore.csi.storage.gke.io" })).snapshots?.driver).toBeDefined();
});

test("an image of a registry, by release or digest", () => {
  for (const image of ["registry.example.org:5000/kubectl:v1.37.1", `alpine/kubectl@sha256:${"a".repeat(64)}`]) {
    expect(withSnapshots(but({ image })).snapshots?.image).toBe(image);
  }
  expect(withSnapshots().snapshots?.image).toBe("alpine/kubectl:1.37.1");
});

const hour = 3600;
const day = 24 * hour;

test.each([
  ["0 3 * * *", day],
  ["0 */6 * * *", 6 * hour],
  ["*/15 * * * *", hour / 4],
  ["0 3,4 * * *", 23 * hour],
  ["0 2 * * 1-5", 3 * day],
  ["0 2 * * mon-fri", 3 * day],
  ["0 0 1 * *", 31 * day],
  ["30 4 31 * *", 61 * day],
  // As many runs as fit into an hour of one day, and then a week or a year without any.
  ["* 0 * * 1", 7 * day - 59 * 60],
  ["* * 1 1 *", 366 * day - 23 * hour - 59 * 60],
  ["0 0 29 2 *", 8 * 365 * day + day],
  // Either day, where both are said: each Friday, and each 13th.
  ["0 0 13 * 5", 7 * day],
  ["59 23 * * *", day],
])("the longest time between two runs of %s is %i seconds", (schedule, seconds) => {
  expect(greatestGap(schedule)).toBe(seconds);
});
