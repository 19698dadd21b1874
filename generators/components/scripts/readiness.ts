import type { BaseNetwork } from "../../network/schema.ts";
import { shellFunctions } from "./shell.ts";
import { readSigningState, signedHeightFunctions, signingStateFile } from "./signed-height.ts";

/**
 * The readiness probe's script: ready means that the node is with the chain. /status answers 200 from a node that lags,
 * and reports no lag where consensus has failed or where the only peer lags too; so a node whose height has not grown
 * since the last probe is compared with the other validators. Height 0 counts as ready only while no other validator has
 * a block: at genesis every node reports that it is catching up until a quorum of them runs.
 *
 * It also notes what the key has signed, where a reset of data/ does not reach.
 *
 * From the environment come VALIDATORS, the hosts of some others, and CHAIN_ID.
 */
export const readiness = ({ ports }: BaseNetwork): string => `set -u
${shellFunctions(ports.rpc)}${signedHeightFunctions}state=${signingStateFile}
${readSigningState}
noted
if number "$height_signed" && [ "$height_signed" -gt "$mark" ]; then note "$height_signed"; fi

last=$HOME/last-height
ask_own
answer 127.0.0.1 || exit 1
own=$height
if [ "$catching_up" != false ] && [ "$own" != 0 ]; then
  : >"$last"
  exit 1
fi
before=
[ ! -s "$last" ] || read -r before <"$last"
if ! number "$before" || [ "$own" -le "$before" ]; then
  ask $VALIDATORS
  for host in $VALIDATORS; do
    if answer "$host" && [ "$height" -gt "$own" ] && { [ "$own" = 0 ] || [ "$height" -gt $((own + 2)) ]; }; then
      echo "at height $own, and $host is at $height" >&2
      : >"$last"
      exit 1
    fi
  done
fi
echo "$own" >"$last"
`;
