import { identityFiles, keyringFiles, keystoreName, sidecarSecret } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { Identity } from "generators/network/seal-lock.ts";

/** A Secret that the network's pods mount, with the keys that they ask for. */
export interface Expected {
  name: string;
  keys: string[];
  /** Whose keystore it is; the sidecar's configuration is nobody's. */
  validator?: Validator;
}

/** Files that bring a keyring back and that no node needs to run. */
export const recoveryFiles = ["keyring_password.txt", "mnemonic.txt"];

/** A validator's keystore. */
export const expectedKeystore = (network: Network, validator: Validator) => ({
  name: keystoreName(network, validator.index),
  keys: [...identityFiles, ...keyringFiles(network, validator)],
  validator,
});

/** Every Secret of a network, validators first. */
export const expectedSecrets = (network: Network): Expected[] => [
  ...network.validators.map((validator) => expectedKeystore(network, validator)),
  { name: sidecarSecret.name, keys: [sidecarSecret.key] },
];

/** What of a validator is public, and says which one a keystore makes. */
export const identityOf = ({ nodeId, accountAddress, consensusPubKey }: Validator): Identity => ({
  nodeId,
  accountAddress,
  consensusPubKey,
});
