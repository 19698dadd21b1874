import type { Network } from "generators/network/schema.ts";
import type { Tree } from "generators/tree.ts";
import { formatFinding, stableName } from "../lib/finding.ts";
import type { Manifest } from "../objects/manifests.ts";
import topic from "../rules/history/index.ts";
import type { Before } from "../rules/rule.ts";
import { type Consequence, listed, type Risk } from "./risk.ts";

/** What a push does that a rule of history finds something in, by the rule. The rule itself says what and where. */
const riskOf: Record<string, Risk> = {
  "no-moved-keys": "signs from another place",
  "no-repository-change": "signs from another place",
  "require-paused-leavers": "may halt the chain",
  "no-reused-indexes": "signs from another place",
  "valid-lifecycle-change": "signs from another place",
  "no-genesis-change": "halts the chain",
  "no-dropped-upgrades": "may halt the chain",
  "no-abrupt-json-rpc-moves": "restarts something else",
  "no-immutable-field-change": "changes without a restart",
  "no-lost-keystores": "loses a volume",
  "require-new-seals": "changes without a restart",
  "no-older-seals": "changes without a restart",
};

/** What `pnpm validate` refuses in a push because of what it changes: its own findings, the same of several objects once. */
export const refused = (
  manifests: readonly Manifest[],
  network: Network | undefined,
  before: Before,
  keystores: Tree,
): Consequence[] =>
  topic.rules
    .filter(({ id }) => id in riskOf)
    .flatMap((rule) => {
      const findings = [...rule.check(manifests, network, [before], keystores)];
      const alike = Map.groupBy(findings, ({ field, message, severity }) => JSON.stringify([field, message, severity]));
      return [...alike.values()].flatMap((group): Consequence[] => {
        const [first] = group;
        if (!first) return [];
        const object = listed(group.map((each) => stableName(each.object)));
        const refusal = first.severity === "error" ? { refusedBy: rule.id } : {};
        return [{ risk: riskIn(rule.id, first.field), message: `${formatFinding({ ...first, object })}.`, ...refusal }];
      });
    });

const riskIn = (id: string, field: string): Risk =>
  id === "no-immutable-field-change" && field.startsWith("spec.volumeClaimTemplates")
    ? "loses a volume"
    : (riskOf[id] as Risk);
