import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ClusterLocation, logsFolder, podLogsFolder } from "tools/cluster/location.ts";
import { expect, onTestFinished, test } from "vitest";
import { logsSince } from "./logs-since.ts";

const since = 1_700_000_000_000;

/** A cluster's location with logs, each last written to that many seconds after `since`. */
function locationWith(write: (location: ClusterLocation) => [string, string, number][]): ClusterLocation {
  const folder = mkdtempSync(join(tmpdir(), "logs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const location: ClusterLocation = { folder, address: "127.0.0.1", tunnel: "" };
  for (const [file, text, seconds] of write(location)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, since / 1000 + seconds, since / 1000 + seconds);
  }
  return location;
}

test("prints the end of each log written to since then, of programs and of a real node's pods", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
  const location = locationWith((location) => [
    [join(logsFolder(location), "etcd"), "long ago\n", -1],
    [join(logsFolder(location), "kubelet"), `${lines.join("\n")}\n`, 1],
    [join(podLogsFolder(location), "a_pod/preflight/0.log"), "refused\n", 1],
  ]);
  expect(logsSince(location, since).split("\n")).toEqual([
    "--- logs/kubelet",
    ...lines.slice(10),
    "--- node/pod-logs/a_pod/preflight/0.log",
    "refused",
    "",
  ]);
});

test("prints nothing where no log was written to, or no program has started yet", () => {
  const silent = locationWith((location) => [[join(logsFolder(location), "etcd"), "long ago\n", -1]]);
  expect(logsSince(silent, since)).toBe("");
  const empty = locationWith(() => []);
  expect(logsSince(empty, since)).toBe("");
});
