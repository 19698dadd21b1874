import { rules } from "scripts/rules/index.ts";
import { kubernetesVersions } from "tools/schemas.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { everything } from "../support/keyless.ts";
import { staging as network } from "../support/networks.ts";
import { built, withRelease } from "../support/releases.ts";
import { argocd } from "../support/rules/argocd.ts";
import { earlier } from "../support/rules/history.ts";
import { sealedOverlay, sealedStaging } from "../support/rules/overlay.ts";
import { snapshots } from "../support/snapshots.ts";
import { byRules, catchers, type Overlay } from "./engine.ts";
import { withRpcNodes } from "./keyless.ts";
import type { Row } from "./row.ts";
import { ownSidecars, table } from "./table.ts";

// What is committed is guarded by more than this: validate also compares it with what the network renders to. Here
// schemas and rules are on their own, as if the mistake were one of the network or the generator.

const { manifests } = sealedStaging();
const before = [earlier()];
const later = withRelease(ownSidecars);
const keyless = everything({ snapshots });
const overlays: Overlay[] = [
  { manifests, network, before },
  { manifests: argocd().manifests },
  { manifests: sealedOverlay((await built(later)).manifests).manifests, network: later, release: ownSidecars },
  { manifests: sealedOverlay((await built(keyless)).manifests).manifests, network: keyless, release: withRpcNodes },
];

const nameOf = ({ release, object, field, value }: Row) =>
  `${[release, object, field].filter(Boolean).join(" ")} ${value === undefined ? "removed" : JSON.stringify(value).slice(0, 90)}`;

let caught: string[][] = [];
beforeAll(async () => {
  caught = await catchers(overlays, table);
});

test("without a mutation nothing is found", () => {
  expect(overlays.map(byRules)).toEqual([[], [], [], []]);
});

test("there are a hundred mutations or more, each of them once", () => {
  expect(new Set(table.map(nameOf)).size).toBe(table.length);
  expect(table.length).toBeGreaterThanOrEqual(100);
});

const cases = table.map((row, i) => {
  const catcher = typeof row.by === "string" ? row.by : "nothing";
  return [`${nameOf(row)}: ${row.harm}`, catcher, row.by, i] as const;
});

test.each(cases)("%s [%s]", (_name, _catcher, by, i) => {
  if (by === "schema") expect(caught[i]).toEqual(kubernetesVersions.map((version) => `schema ${version}`));
  else if (typeof by === "string") expect(caught[i]).toContain(by);
  else expect(caught[i]).toEqual([]);
});

// What a network says, and the files of its keystores folder: no field of an object breaks these.
const ofNetworks = [
  "no-dropped-upgrades",
  "valid-lifecycle-change",
  "no-lost-keystores",
  "no-moved-keys",
  "no-older-seals",
  "no-repository-change",
  "no-reused-indexes",
  "require-new-seals",
  "require-paused-leavers",
];

test("every rule but some catches a mutation", () => {
  // A plain Secret is a whole object: a sealed one that only changes its kind is refused by the schemas. The version of
  // GKE is a field of the network, not of an object, and staging has no namespace of its own.
  const ofOthers = ["no-plain-secret", "require-gke-version", "valid-namespace"];
  const warnings = [
    "no-empty-starts",
    "no-fatal-machines",
    "no-paused-validators",
    "no-public-ports",
    "no-skipped-upgrades",
    "no-unchecked-settings",
    "no-unfinished-upgrades",
    "no-validators-in-maintenance",
    "require-enforced-policies",
  ];
  const others = [...ofOthers, ...warnings, ...ofNetworks];
  const ids = rules.map(({ id }) => id);
  expect(ids.filter((id) => !caught.flat().includes(id)).sort()).toEqual(others.sort());
});

afterAll(() => {
  const missed = table.filter((_row, i) => caught[i]?.length === 0);
  const counts = [...new Set(caught.flat())].map(
    (id) => [id, caught.filter((ids) => ids.includes(id)).length] as const,
  );
  console.log(
    [
      `${table.length} mutations: ${table.length - missed.length} are caught, ${missed.length} are not.`,
      ...counts.sort(([, a], [, b]) => b - a).map(([id, count]) => `  ${String(count).padStart(3)} by ${id}`),
      "Not caught:",
      ...missed.map(
        (row) =>
          `  ${nameOf(row)}: ${row.harm}. ${typeof row.by === "string" ? "NOTHING CATCHES IT" : `Safe: ${row.by.nothing}`}`,
      ),
    ].join("\n"),
  );
});
