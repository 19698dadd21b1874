import { ownSignerFolder } from "../../mezod/roles.ts";
import { firstOrdinal, hasMixedArchives, type KeylessKind, keylessSets } from "../../network/keyless.ts";
import { nodeHome } from "../../network/names.ts";
import { planOf } from "../../network/release.ts";
import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { launch } from "./launch.ts";
import { liveness } from "./liveness.ts";
import { nextRelease } from "./preflight.ts";
import { proxyFile, proxySettings } from "./proxy.ts";
import { followerReadiness } from "./readiness.ts";

/** The script that a node of a kind starts with, and the one that runs before it. */
export const startScript = (kind: KeylessKind) => `start-${kind}.sh`;
export const keylessPreflightScript = "preflight-keyless.sh";
export const followerReadinessScript = "readiness-follower.sh";

/**
 * overlays/<network>/keyless-scripts: what becomes the ConfigMap of scripts that nodes without keys mount; none where a
 * network has no such nodes. It is not that of the validators, so that no change here restarts any of them.
 */
export function keylessScripts(network: Network): Files {
  const kinds = keylessSets(network).map(({ kind }) => kind);
  if (kinds.length === 0) return {};
  return {
    ...(planOf(network) && { "launch.sh": launch(network), "liveness.sh": liveness(network) }),
    [keylessPreflightScript]: preflight(network),
    ...(kinds.includes("rpc-node") && {
      [followerReadinessScript]: followerReadiness(network),
      [proxyFile]: proxySettings(network),
    }),
    ...Object.fromEntries(kinds.map((kind) => [startScript(kind), start(network, kind)])),
  };
}

/**
 * What runs before a node without a key. A validator's key could be there where somebody made the volume from one that held
 * a whole home, or put the key there: then the node does not start, although its settings would not read that key.
 *
 * The state that it leaves is that of a key that has signed nothing. The node makes its key and its state one after the
 * other; one that is killed in between would find a key without a state, and never start again.
 */
const preflight = (network: Network): string => `set -eu
refuse() {
  echo "$POD_NAME will not start: $1" >&2
  exit 1
}
for found in ${places.join(" ")}; do
  [ ! -e "$found" ] || refuse "$found is, or holds, the key of a validator, and a node that answers the public must not have it. Make the volume from another snapshot; if a validator ran with that key, see that it runs nowhere else."
done
${planOf(network) ? nextRelease : ""}umask 077
state=${nodeHome}/${ownSignerFolder}/priv_validator_state.json
[ -e "$state" ] || echo '{"height":"0","round":0,"step":0}' >"$state"
`;

// On a volume, at its top and in a folder of it, and where a node of the usual settings looks.
const places = [
  `${nodeHome}/config/priv_validator_key*`,
  ...["", "/*"].flatMap((folder) => [
    `${nodeHome}/data${folder}/priv_validator_key*`,
    `${nodeHome}/data${folder}/keyring-*`,
  ]),
];

/** What a pod's number decides, as variables that mezod reads before its files; then the node, in the shell's place. */
const start = (network: Network, kind: KeylessKind): string => `set -u
${kind === "seed" ? externalAddress(network) : withoutIndex + (hasMixedArchives(network) ? archives(network) : "")}exec ${planOf(network) ? "/bin/sh /scripts/launch.sh" : "mezod"} "$@"
`;

/**
 * A node with a state and without an index of the EVM's transactions goes on without: then it looks in CometBFT's, as
 * validators do, which has all that the node has. So it is with a copy of a validator's volume, and after state sync.
 *
 * A node that begins with state sync must not begin an index beside it. The index counts its blocks from the height that the
 * node has at its start, which is 0 then; it asks for block 1, which never comes, and indexes nothing. In the chain's own
 * releases it asks again at once, for ever (EVMIndexerService.OnStart).
 */
const withoutIndex = `data=${nodeHome}/data
if [ ! -e "$data/evmindexer.db" ] && { [ -e "$data/blockstore.db" ] || [ "\${MEZOD_STATESYNC_ENABLE-}" = true ]; }; then
  export MEZOD_JSON_RPC_ENABLE_INDEXER=false
fi
`;

/** The first RPC nodes keep every state. */
function archives({ rpcNodes }: Network): string {
  const numbers = Array.from({ length: rpcNodes?.archive ?? 0 }, (_, i) => i).join(" | ");
  return `case \${POD_NAME##*-} in
${numbers}) export MEZOD_PRUNING=nothing ;;
esac
`;
}

/** Each seed tells its peers the name that leads to it. */
function externalAddress({ ports, seedNodes }: Network): string {
  const lines = (seedNodes?.hosts ?? []).map(
    (host, i) => `${firstOrdinal("seed") + i}) export MEZOD_P2P_EXTERNAL_ADDRESS=${host}:${ports.p2p} ;;`,
  );
  return `case \${POD_NAME##*-} in
${lines.join("\n")}
esac
`;
}
