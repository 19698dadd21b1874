import type { BaseNetwork } from "../../network/schema.ts";
import { shellFunctions } from "./shell.ts";
import { readSigningState, signedHeightFunctions } from "./signed-height.ts";

/** Ends well where this node is with the chain, as far as the chain is known; otherwise the probe fails. */
const comparison = `last=$HOME/last-height
before=
seen=0
from=-
turn=0
[ ! -s "$last" ] || read -r before seen from turn <"$last"
number "$seen" && number "$turn" || { before= seen=0 turn=0; }
behind() {
  [ "$seen" -gt "$own" ] && { [ "$own" = 0 ] || [ "$seen" -gt $((own + 2)) ]; }
}
keep_up() { # fails the probe where this node is behind, also now that the others' heights are known
  behind || return 0
  if ask_own && answer 127.0.0.1; then own=$height; fi
  behind || return 0
  echo "at height $own, and $from is at height $seen" >&2
  echo "- $seen $from $turn" >"$last"
  exit 1
}
ask_own
answer 127.0.0.1 || exit 1
own=$height
if [ "$catching_up" != false ] && [ "$own" != 0 ]; then
  : >"$last"
  exit 1
fi
if ! number "$before" || [ "$own" -le "$before" ]; then
  keep_up
  set -- $VALIDATORS
  if number "$before" && [ "$#" -gt 0 ]; then
    turn=$(((turn + 1) % $#))
    shift "$turn"
    set -- "$1"
  fi
  clock
  late=$((now + 8))
  for one in "$@"; do
    clock
    [ "$now" -lt "$late" ] || break
    ask "$one"
    if answer "$one" && [ "$height" -gt "$seen" ]; then
      seen=$height
      from=$one
    fi
    keep_up
  done
fi
echo "$own $seen $from $turn" >"$last"
`;

/** What the kernel says of the node, which is the container's first process. */
export const processFile = "/proc/1/stat";

/**
 * The readiness probe's script: ready means that the node is with the chain. /status answers 200 from a node that lags,
 * and reports no lag where consensus has failed or where the only peer lags too; so a node whose height has not grown
 * since the last probe is compared with another validator, with the next one at each probe, and with the greatest height
 * that any of them had. Before it is ready for the first time, and again after it lagged, it is compared with all of them.
 * A probe that asked all each time would take more from a chain that is slow already. Height 0 counts as ready only while
 * no other validator has a block: at genesis every node reports that it is catching up until a quorum of them runs.
 *
 * To start mezod is the dear part. A process that was found ready, and has signed a new height since the last probe, is
 * with the chain; it is asked again after half a minute, so that RPC that does not answer shows.
 *
 * It also notes what the key has signed, where a reset of data/ does not reach.
 *
 * From the environment come VALIDATORS, the hosts of some others, and CHAIN_ID.
 */
export const readiness = ({ ports }: BaseNetwork): string => `set -u
${shellFunctions(ports.rpc)}${signedHeightFunctions}${readSigningState}
noted
if number "$height_signed" && [ "$height_signed" -gt "$mark" ]; then note "$height_signed"; fi

# When the node's process started: the 22nd field, and the 20th behind the program's name, which may hold spaces.
started=
if [ -r ${processFile} ] && IFS= read -r stat <${processFile}; then
  set -- \${stat##*) }
  started=\${20}
fi
found=$HOME/found-ready
signed_before=
asked=
of=
[ ! -s "$found" ] || read -r signed_before asked of <"$found"
clock
if [ "$started" ] && [ "$started" = "$of" ] && number "$signed_before" && number "$asked" && number "$height_signed"; then
  if [ "$height_signed" -gt "$signed_before" ] && [ "$now" -lt $((asked + 30)) ]; then
    echo "$height_signed $asked $started" >"$found"
    exit 0
  fi
fi
asked=$now
: >"$found"

${comparison}echo "$height_signed $asked $started" >"$found"
`;

/**
 * The same for a node that signs nothing: only whether it is with the chain, compared with validators.
 *
 * From the environment come VALIDATORS and CHAIN_ID.
 */
export const followerReadiness = ({ ports }: BaseNetwork): string => `set -u
${shellFunctions(ports.rpc)}${comparison}`;
