import type { Artifacts, Finding, Home } from "./read.ts";

/** Everything that must agree within the artifacts, whatever the network. */
export function checkArtifacts(artifacts: Artifacts): Finding[] {
  // Without validators everything else would be a stranger.
  if (artifacts.homes.length === 0) return [];
  return [
    ...repeated(artifacts.homes, "nodeId", "config/node_key.json", "node id"),
    ...repeated(artifacts.homes, "consensusPubKey", "config/priv_validator_key.json", "consensus key"),
    ...repeated(artifacts.homes, "accountAddress", "keyring-file", "account"),
    ...checkIndexes(artifacts),
    ...checkSeeds(artifacts),
    ...checkGenesis(artifacts),
  ];
}

function repeated(homes: Home[], fact: "nodeId" | "consensusPubKey" | "accountAddress", file: string, what: string) {
  const first = new Map<string, string>();
  return homes.flatMap(({ name, [fact]: value }): Finding[] => {
    if (value === undefined) return [];
    const other = first.get(value);
    if (other === undefined) first.set(value, name);
    return other === undefined ? [] : [{ file: `${name}/${file}`, message: `has the ${what} of ${other}` }];
  });
}

const checkIndexes = ({ homes }: Artifacts): Finding[] =>
  homes.flatMap(({ name, index }, position) => {
    const before = homes[position - 1];
    const expected = before ? before.index + 1 : 0;
    if (index === expected) return [];
    return before?.index === index
      ? [{ file: name, message: `has the index of ${before.name}` }]
      : [{ file: name, message: `follows a gap: validators count from 0, and ${expected} is missing` }];
  });

function checkSeeds({ homes, seeds }: Artifacts): Finding[] {
  if (!seeds) return [];
  const report = (message: string): Finding => ({ file: "seeds.txt", message });
  const ids = new Map(homes.map(({ nodeId, name }) => [nodeId, name]));
  const hosts = seeds.map(({ host }) => host);
  return [
    ...homes
      .filter(({ nodeId }) => nodeId !== undefined && !seeds.some((seed) => seed.nodeId === nodeId))
      .map(({ name, nodeId }) => report(`has no line for ${name}, whose node id is ${nodeId}`)),
    ...seeds
      .filter(({ nodeId }) => !ids.has(nodeId) && homes.every((home) => home.nodeId !== undefined))
      .map(({ nodeId, host }) => report(`names ${nodeId}@${host}, which is no validator's node id`)),
    ...hosts.filter((host, i) => hosts.indexOf(host) !== i).map((host) => report(`names the host ${host} twice`)),
    ...seeds
      .filter(({ nodeId }, i) => seeds.findIndex((seed) => seed.nodeId === nodeId) !== i)
      .map(({ nodeId }) => report(`names the node id ${nodeId} twice`)),
  ];
}

function checkGenesis({ homes, genesis }: Artifacts): Finding[] {
  if (!genesis) return [];
  const report = (message: string): Finding => ({ file: "genesis.json", message });
  const findings = homes.flatMap(({ name, consensusPubKey, accountAddress, chainId }): Finding[] => {
    const found: Finding[] = [];
    if (chainId !== undefined && chainId !== genesis.chainId) {
      const message = `chain-id is ${JSON.stringify(chainId)}, and genesis.json is of ${genesis.chainId}`;
      found.push({ file: `${name}/config/client.toml`, message });
    }
    if (consensusPubKey === undefined) return found;
    const own = genesis.validators.filter((validator) => validator.consensusPubKey === consensusPubKey);
    if (own.length !== 1)
      found.push(report(`has ${own.length === 0 ? "no" : own.length} validators with the consensus key of ${name}`));
    for (const { operator } of own) {
      if (accountAddress !== undefined && operator !== accountAddress) {
        found.push(report(`${name}'s operator is ${operator}, and its keyring holds ${accountAddress}`));
      }
      if (!genesis.accounts.includes(operator)) found.push(report(`${name}'s operator ${operator} has no account`));
    }
    return found;
  });
  const strangers = homes.every(({ consensusPubKey }) => consensusPubKey !== undefined)
    ? genesis.validators.filter(
        ({ consensusPubKey }) => !homes.some((home) => home.consensusPubKey === consensusPubKey),
      )
    : [];
  return [
    ...findings,
    ...strangers.map(({ moniker }) => report(`has a validator that is not among these: ${JSON.stringify(moniker)}`)),
  ];
}
