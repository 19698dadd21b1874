// Where the files of a network are, from the repository's root.

/** Where networks are declared. */
export const networksFolder = "generators/networks";
export const networkFile = (network: string) => `${networksFolder}/${network}.ts`;

/** What `pnpm run import` writes of a network: its validators' public facts, and its genesis where that is a file. */
export const validatorsFile = (network: string) => `${networksFolder}/${network}/validators.json`;
export const genesisFile = (network: string) => `${networksFolder}/${network}/genesis.json`;

/** The folder of a network's sealed secrets. `pnpm seal` alone writes there; what gen needs of it stands in the lock. */
export const keystoresFolder = (network: string) => `overlays/${network}/keystores`;
export const lockFile = (network: string) => `${keystoresFolder(network)}/seal.lock.json`;
