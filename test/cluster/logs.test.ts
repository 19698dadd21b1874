import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Place } from "tools/cluster/location.ts";
import { logsFolder, logsSince, podLogsFolder } from "tools/cluster/logs.ts";
import { expect, test } from "vitest";

const since = 1_700_000_000_000;

/** A place with logs, each last written to so many seconds after that time. */
function placeWith(write: (place: Place) => [string, string, number][]): Place {
  const place: Place = { folder: mkdtempSync(join(tmpdir(), "logs-")), address: "127.0.0.1", tunnel: "" };
  for (const [file, text, seconds] of write(place)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, since / 1000 + seconds, since / 1000 + seconds);
  }
  return place;
}

test("the end of each log that was written to since: the programs', and the pods' of a real node", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
  const place = placeWith((place) => [
    [join(logsFolder(place), "etcd"), "long ago\n", -1],
    [join(logsFolder(place), "kubelet"), `${lines.join("\n")}\n`, 1],
    [join(podLogsFolder(place), "a_pod/preflight/0.log"), "refused\n", 1],
  ]);
  expect(logsSince(place, since).split("\n")).toEqual([
    "--- logs/kubelet",
    ...lines.slice(10),
    "--- node/pod-logs/a_pod/preflight/0.log",
    "refused",
    "",
  ]);
});

test("nothing where nobody wrote, or before the first program starts", () => {
  const silent = placeWith((place) => [[join(logsFolder(place), "etcd"), "long ago\n", -1]]);
  expect(logsSince(silent, since)).toBe("");
  const empty = placeWith(() => []);
  expect(logsSince(empty, since)).toBe("");
});
