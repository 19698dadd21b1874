import type { Topic } from "../rule.ts";
import noGenesisChange from "./no-genesis-change.ts";
import noHaltingSettings from "./no-halting-settings.ts";
import noSettingOverrides from "./no-setting-overrides.ts";
import noUndeclaredStateSync from "./no-undeclared-state-sync.ts";
import noUnsafeSettings from "./no-unsafe-settings.ts";
import requireEveryValidator from "./require-every-validator.ts";
import requireFullPeerMesh from "./require-full-peer-mesh.ts";
import requireSigningStateGuard from "./require-signing-state-guard.ts";
import uniqueKeystoreMounts from "./unique-keystore-mounts.ts";
import uniqueValidators from "./unique-validators.ts";
import validChainId from "./valid-chain-id.ts";
import validListenAddresses from "./valid-listen-addresses.ts";
import validNodeFiles from "./valid-node-files.ts";

export default {
  title: "The chain: its validators, keys, genesis and settings",
  rules: [
    requireEveryValidator,
    uniqueValidators,
    uniqueKeystoreMounts,
    requireSigningStateGuard,
    validNodeFiles,
    noGenesisChange,
    validChainId,
    requireFullPeerMesh,
    noHaltingSettings,
    noUnsafeSettings,
    validListenAddresses,
    noUndeclaredStateSync,
    noSettingOverrides,
  ],
} satisfies Topic;
