import type { Topic } from "../rule.ts";
import noEmptyStarts from "./no-empty-starts.ts";
import noHaltingSettings from "./no-halting-settings.ts";
import noSkippedUpgrades from "./no-skipped-upgrades.ts";
import noUncheckedSettings from "./no-unchecked-settings.ts";
import noUndeclaredStateSync from "./no-undeclared-state-sync.ts";
import noUnsafeSettings from "./no-unsafe-settings.ts";
import requireFullPeerMesh from "./require-full-peer-mesh.ts";
import validChainId from "./valid-chain-id.ts";
import validConfigMaps from "./valid-config-maps.ts";
import validListenAddresses from "./valid-listen-addresses.ts";
import validNodeFiles from "./valid-node-files.ts";
import validScripts from "./valid-scripts.ts";

export default {
  title: "The chain: its validators, keys, genesis and settings",
  rules: [
    validConfigMaps,
    validNodeFiles,
    validScripts,
    noEmptyStarts,
    noSkippedUpgrades,
    validChainId,
    requireFullPeerMesh,
    noHaltingSettings,
    noUnsafeSettings,
    noUncheckedSettings,
    validListenAddresses,
    noUndeclaredStateSync,
  ],
} satisfies Topic;
