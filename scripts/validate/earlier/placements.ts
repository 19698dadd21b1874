import { type KeyPlace, type Placement, placementFile } from "generators/components/placement.ts";
import { ownCluster } from "generators/network/destination.ts";
import { keystoresFolder, lockFile, validatorsFile } from "generators/network/paths.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import type { EarlierPlacement } from "../../objects/placements.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Where every network's keys signed at a commit.
 *
 * @throws {OperatorError} when a record, or what stands for it, can't be read.
 */
export const placementsAt = ({ commit, files }: Snapshot): EarlierPlacement[] =>
  overlaysIn(files).flatMap((network) => {
    try {
      const placement = recorded(files, network) ?? derived(files, network);
      const isSealed = files.has(`${keystoresFolder(network)}/kustomization.yaml`);
      return placement ? [{ ...placement, isSealed }] : [];
    } catch (error) {
      throw new OperatorError(
        `commit ${commit} does not say where ${network}'s keys were: ${(error as Error).message}`,
      );
    }
  });

/** The overlays at a commit, by name. */
export const overlaysIn = (files: Tree): string[] =>
  [...files.keys()].flatMap((path) => /^overlays\/([^/]+)\/kustomization\.yaml$/.exec(path)?.[1] ?? []);

/** The network's record; undefined where there is none, or it was damaged. */
function recorded(files: Tree, network: string): Placement | undefined {
  try {
    const record = JSON.parse(files.get(placementFile(network)) ?? "null");
    const isWhole = record?.network === network && Array.isArray(record.retired) && record.keys;
    return isWhole ? { ...record, destination: record.destination ?? onlyDestination(record.repository) } : undefined;
  } catch {
    return undefined;
  }
}

/** Before records said where Argo CD deploys, that was its own cluster. */
const onlyDestination = (repository: string | null) => (repository ? ownCluster : null);

/** What the files say of a network that had no record yet; undefined for an overlay that is no network's. */
function derived(files: Tree, network: string): Omit<EarlierPlacement, "isSealed"> | undefined {
  const client = files.get(`overlays/${network}/config/client.toml`);
  if (client === undefined) return undefined;
  const root = parseYaml(files.get(`overlays/${network}/kustomization.yaml`) ?? "");
  const application = files.get(`overlays/argocd/${network}-application.yaml`);
  const names = [...described(files, network), ...sealed(files, network)];
  const [[, first] = ["", ""]] = names;
  const isAdopted = files.get(`overlays/${network}/statefulset.yaml`)?.includes("OrderedReady");
  const repository = (application && parseYaml(application)?.spec?.source?.repoURL) || null;
  return {
    network,
    app: first.replace(/-node-\d+$/, ""),
    chainId: String(parseToml(client)["chain-id"]),
    ...(isAdopted && { lifecycle: "adopted" as const }),
    repository,
    destination: onlyDestination(repository),
    namespace: String(root?.namespace),
    retired: [],
    keys: Object.fromEntries(names.map(([key, name]) => [key, placeOf(name)])),
  };
}

function placeOf(statefulSet: string): KeyPlace {
  const [, app, index] = /^(.*)-node-(\d+)$/.exec(statefulSet) ?? [];
  return { index: Number(index), statefulSet, volumeClaim: `${app}-node-data-${statefulSet}-0`, paused: false };
}

/** The keys of validators.json whose validators have an overlay, with their names. */
function* described(files: Tree, network: string): Iterable<[key: string, name: string]> {
  const validators = JSON.parse(files.get(validatorsFile(network)) ?? "[]");
  for (const { consensusPubKey, moniker } of validators) {
    if (files.has(`overlays/${network}/${moniker}/kustomization.yaml`)) yield [consensusPubKey, moniker];
  }
}

/** The keys that the seal lock names, with the names of their validators. */
function* sealed(files: Tree, network: string): Iterable<[key: string, name: string]> {
  const { secrets } = lockIn(files, network);
  for (const [secret, { validator }] of Object.entries(secrets)) {
    if (validator) yield [validator.consensusPubKey, secret.replace(/-keystore$/, "")];
  }
}

/** Of a lock of any version. */
const lockIn = (files: Tree, network: string): Pick<SealLock, "secrets"> =>
  JSON.parse(files.get(lockFile(network)) ?? '{"secrets":{}}');
