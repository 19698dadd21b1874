import { judgeSealing, type SealingFacts } from "scripts/check-cluster/sealing.ts";
import type { Level } from "scripts/lib/verdict.ts";
import { expect, test } from "vitest";
import { makePair } from "../../support/seal-setup.ts";

const [ours, theirs] = (await Promise.all([makePair(), makePair()])).map(({ certificate }) => certificate);
const opened = { value: [{ name: "mezo-node-0-keystore", isOpen: true }] };

test.each<[string, Partial<SealingFacts>, Level, string]>([
  ["the controller's own", {}, "ok", "is for the controller's own certificate"],
  ["nothing yet", { committed: undefined }, "warning", "nothing is sealed for this network"],
  [
    "for an older one, and opens",
    { controllers: { value: theirs ?? "" } },
    "warning",
    "it still has the key that opens what is sealed",
  ],
  [
    "for another one",
    { controllers: { value: theirs ?? "" }, live: { value: [] } },
    "error",
    "nothing shows that it has the key",
  ],
  [
    "for one that nobody shows",
    { controllers: { unknown: "there is no such Service" } },
    "warning",
    "can't be compared with the controller (there is no such Service)",
  ],
  [
    "and does not open",
    { live: { value: [{ name: "mezo-node-0-keystore", isOpen: false }] } },
    "error",
    "leaves SealedSecret mezo-node-0-keystore closed",
  ],
])("what is sealed: %s", (_, change, level, says) => {
  const facts: SealingFacts = { committed: ours, controllers: { value: ours ?? "" }, live: opened, ...change };
  const found = judgeSealing(facts).filter((each) => each.says.includes(says));
  expect(found.map((each) => each.level)).toEqual([level]);
});

test("a certificate that ends soon is said", () => {
  const facts: SealingFacts = { committed: ours, controllers: { value: ours ?? "" }, live: opened };
  const inTenYears = new Date(Date.now() + 10 * 365 * 24 * 3_600_000);
  expect(judgeSealing(facts, inTenYears).map(({ level }) => level)).toContain("error");
});
