import { allKeys, fileNames, fileOf, laterKeys } from "generators/mezod/files.ts";
import { leaves } from "generators/mezod/leaves.ts";
import { pairProblems } from "generators/mezod/pairs.ts";
import { lines } from "generators/mezod/releases.ts";
import { settled } from "generators/mezod/settings.ts";
import { valueAt } from "generators/network/problem.ts";
import { describe, expect, test } from "vitest";
import { local, staging } from "../../support/networks.ts";

const releases = lines.flatMap(({ from, run }) => [from, run]);

describe.each(fileNames)("%s.toml", (name) => {
  test.each(releases)("of %s has a row for each of its keys, and no other", (release) => {
    const { values, keys } = fileOf(name, release);
    const paths = leaves(values).map(([path]) => path.join("."));
    expect(Object.keys(keys).sort()).toEqual(paths.sort());
  });

  test.each(releases)("of %s has values that its own rows allow everybody", (release) => {
    const file = fileOf(name, release);
    for (const network of [staging, local]) {
      const table = settled(file, network, {});
      const wrong = Object.entries(file.keys).filter(([path, key]) => {
        const value = valueAt(table, path.split("."));
        return !key.kind.holds(value) || (key.change === "bounded" && !key.within.holds(value));
      });
      expect(wrong.map(([path]) => path)).toEqual([]);
      expect([...pairProblems(name, table)]).toEqual([]);
    }
  });

  test("has rows whose bounds are narrower than what the node reads", () => {
    // Values at the edges of what the node reads.
    const edges = [0, 1, -1, 2 ** 31 - 1, "", "0", "1", "0s", "1ns", "8760h", "nothing"];
    const rows = Object.entries(fileOf(name, "v13.0.0").keys);
    const loose = rows.filter(
      ([, key]) => key.change === "bounded" && edges.some((edge) => key.within.holds(edge) && !key.kind.holds(edge)),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  test("says why wherever it limits anybody", () => {
    for (const key of Object.values(fileOf(name, "v13.0.0").keys)) {
      if ("because" in key) expect(key.because).toMatch(/^([a-z0-9]|JSON|HTTP).*[^.]$/);
      expect(key.kind.expected).toMatch(/\w/);
    }
  });
});

test("the keys that are later for the oldest release are those that the newest has more", () => {
  for (const name of fileNames) {
    const first = Object.keys(fileOf(name, lines[0].from).keys);
    const all = Object.keys(fileOf(name, "v99.0.0").keys);
    expect([...laterKeys(name, lines[0].from).keys()].sort()).toEqual(all.filter((key) => !first.includes(key)).sort());
    expect(allKeys(name).sort()).toEqual(all.sort());
  }
});
