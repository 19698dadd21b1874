import { seconds } from "generators/mezod/duration.ts";
import {
  bool,
  commaList,
  duration,
  either,
  including,
  type Kind,
  list,
  listener,
  namespaces,
  nodeIds,
  oneOf,
  path,
  peers,
  quoted,
  text,
  whole,
} from "generators/mezod/kinds.ts";
import { expect, test } from "vitest";

const id = "ab".repeat(20);

test.each<[kind: string, Kind, holds: unknown[], not: unknown[]]>([
  ["bool", bool, [true, false], ["true", 0]],
  ["whole", whole(1, 5), [1, 5], [0, 6, 1.5, "1", 2 ** 60]],
  ["whole without end", whole(0), [0, 2 ** 40], [-1]],
  ["quoted", quoted(2, 64), ["2", "64"], ["1", "65", "2.0", "02", "x", "", 2]],
  [
    "duration",
    duration("1s", "1m"),
    ["1s", "60s", "1m0s", "1000ms", "0.5m"],
    ["1", "999ms", "61s", "-1s", "1 s", "", 1],
  ],
  ["oneOf", oneOf("a", 0), ["a", 0], ["b", "0", 1]],
  ["text", text(/^a+$/, "a"), ["aa"], ["ab", 1]],
  ["either", either(oneOf(0), whole(9)), [0, 9], [1]],
  ["list", list(text(/^a$/, "a")), [[], ["a", "a"]], ["a", ["b"], [1]]],
  ["commaList", commaList(oneOf("a", "b"), "letters"), ["", "a", "b,a"], ["a,a", "a, b", "a,", "c"]],
  ["including", including("eth"), ["eth", "net,eth"], ["net", "", "ethx"]],
  ["namespaces", namespaces("eth", "net"), ["eth,net"], ["eth,eth", "eth,mezo"]],
  [
    "peers",
    peers,
    ["", `${id}@a.example:26656`, `${id}@1.2.3.4:1`],
    ["a.example:26656", `${id}@a`, "ab@a:1", `${id}@:1`],
  ],
  ["nodeIds", nodeIds, ["", id], ["ab", `${id},${id}`]],
  ["listener", listener, ["tcp://0.0.0.0:1", "0.0.0.0:8545", ":26660", "tcp://[::]:1"], ["", "0.0.0.0", "http://a:1"]],
  ["path", path, ["data", "data/cs.wal/wal"], ["", "/tmp", "data/", "a b"]],
])("%s", (_name, kind, holds, not) => {
  for (const value of holds) expect([value, kind.holds(value)]).toEqual([value, true]);
  for (const value of [...not, null, undefined]) expect([value, kind.holds(value)]).toEqual([value, false]);
});

test.each([
  ["500ms", 0.5],
  ["1h0m1.5s", 3601.5],
  ["1µs", 1e-6],
  ["0", 0],
  ["-2s", -2],
  [".5s", 0.5],
])("%s are %d seconds", (text, count) => {
  expect(seconds(text)).toBeCloseTo(count, 9);
});

test.each(["", "1", "s", "1 s", "1d", "1s ", "--1s"])("%j is no duration of Go", (text) => {
  expect(seconds(text)).toBeNaN();
});
