import type { Topic } from "../rule.ts";
import noAbruptJsonRpcMoves from "./no-abrupt-json-rpc-moves.ts";
import noDroppedUpgrades from "./no-dropped-upgrades.ts";
import noGenesisChange from "./no-genesis-change.ts";
import noImmutableFieldChange from "./no-immutable-field-change.ts";
import noLostKeystores from "./no-lost-keystores.ts";
import noMovedKeys from "./no-moved-keys.ts";
import noOlderSeals from "./no-older-seals.ts";
import noRepositoryChange from "./no-repository-change.ts";
import noReusedIndexes from "./no-reused-indexes.ts";
import requireAcceptedRisks from "./require-accepted-risks.ts";
import requireNewSeals from "./require-new-seals.ts";
import requirePausedLeavers from "./require-paused-leavers.ts";
import validLifecycleChange from "./valid-lifecycle-change.ts";

export default {
  title: "History: what may change since an earlier commit",
  rules: [
    noMovedKeys,
    noRepositoryChange,
    requirePausedLeavers,
    noReusedIndexes,
    validLifecycleChange,
    noGenesisChange,
    noDroppedUpgrades,
    noAbruptJsonRpcMoves,
    noImmutableFieldChange,
    requireAcceptedRisks,
    noLostKeystores,
    requireNewSeals,
    noOlderSeals,
  ],
} satisfies Topic;
