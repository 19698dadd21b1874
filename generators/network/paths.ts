// Paths of a network's files, from the repository's root.

/** The folder where networks are declared. */
export const networksFolder = "generators/networks";
export const networkFile = (network: string) => `${networksFolder}/${network}.ts`;

/** What `pnpm run import` writes: the validators' public facts, and the genesis where it comes from a file. */
export const validatorsFile = (network: string) => `${networksFolder}/${network}/validators.json`;
export const genesisFile = (network: string) => `${networksFolder}/${network}/genesis.json`;

/** The folder of a network's sealed secrets. Only `pnpm seal` writes there. gen reads the lock. */
export const keystoresFolder = (network: string) => `overlays/${network}/keystores`;
export const lockFile = (network: string) => `${keystoresFolder(network)}/seal.lock.json`;
export const signatureFile = (network: string) => `${lockFile(network)}.sig`;
