import { identityFiles, keyringFiles, keystoreName, passwordFile, sidecarSecret } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { Identity, SealLock } from "generators/network/seal-lock.ts";
import { hasOwnSidecar } from "generators/network/sidecars.ts";

/** A Secret that the network's pods mount, with the keys that they need. */
export interface Expected {
  name: string;
  keys: string[];
  /** The validator whose keystore it is; the sidecar's configuration has none. */
  validator?: Validator;
}

/** Files that restore a keyring. A node runs without them; an ethereum-sidecar of its own opens the keyring with the first. */
export const recoveryFiles = [passwordFile, "mnemonic.txt"];

/** A validator's keystore. */
export const expectedKeystore = (network: Network, validator: Validator) => ({
  name: keystoreName(network, validator.index),
  keys: [
    ...identityFiles,
    ...keyringFiles(network, validator),
    ...(hasOwnSidecar(network, validator.index) ? [passwordFile] : []),
  ],
  validator,
});

/** Every Secret of a network, validators first. */
export const expectedSecrets = (network: Network): Expected[] => [
  ...network.validators.map((validator) => expectedKeystore(network, validator)),
  { name: sidecarSecret.name, keys: [sidecarSecret.key] },
];

/** Names of the Secrets that a lock lists and the network no longer has. */
export const staleSecrets = (network: Network, { secrets }: SealLock) =>
  Object.keys(secrets).filter((secret) => !expectedSecrets(network).some(({ name }) => name === secret));

/** The public facts that identify the validator of a keystore. */
export const identityOf = ({ nodeId, accountAddress, consensusPubKey }: Validator): Identity => ({
  nodeId,
  accountAddress,
  consensusPubKey,
});
