import { identityFiles, nodeHome } from "../../network/names.ts";
import { planOf } from "../../network/release.ts";
import type { BaseNetwork, Network } from "../../network/schema.ts";
import { shellFunctions } from "./shell.ts";
import { readSigningState, signedHeightFunctions } from "./signed-height.ts";
import { nextProgram } from "./upgrade-plan.ts";

/**
 * The script that runs before the node, in mezod and the builtins of the image's shell. It stops the pod where the node
 * would go on and harm the chain:
 *
 * - a second pod has the same keys and a volume of its own, which somebody who scales the StatefulSet gets;
 * - a missing key file makes mezod invent an identity;
 * - a planned upgrade brings a release that does not run;
 * - a signing state that is older than what the key has signed lets it sign a height twice. What the key has signed is
 *   known from the databases beside it, from the mark that this pod keeps of it, and from the chain, which the other
 *   validators are asked for.
 *
 * From the environment come NODE and POD_NAME; VALIDATORS, the hosts of some others; SIGNER, the address of the consensus
 * key in base64; CHAIN_ID; STILL_SECONDS, after which a chain without a new block counts as halted; and BOOTSTRAP: "no",
 * "genesis" (an empty volume may start while its key has signed nothing on the chain) or "yes" (an empty volume may start,
 * and signs nothing below the chain's height).
 */
export const preflight = (network: BaseNetwork & Pick<Network, "upgrade">): string => `set -eu
${shellFunctions(network.ports.rpc)}${signedHeightFunctions}
refuse() {
  echo "$NODE will not start: $1" >&2
  exit 1
}
[ "$POD_NAME" = "$NODE-0" ] || refuse "pod $POD_NAME would sign with the keys of $NODE-0. Scale back to one replica."
for file in ${files.join(" ")}; do
  [ -s "$file" ] || refuse "$file is missing or empty. Seal the keystore again."
done
${planOf(network) ? nextRelease : ""}${ownVolume}
${theChain}
note "$height_signed"
`;

const files = [
  ...identityFiles.map((file) => `${nodeHome}/config/${file}`),
  ...["keyhash", "$NODE-key.info", "*.address"].map((file) => `${nodeHome}/keyring-file/${file}`),
];

/**
 * Whether the release of a planned upgrade runs in this pod, found out while the chain does not need it yet: its image may
 * be wrong, its program may need other libraries than this image has, and a container runtime may forbid to run it.
 */
export const nextRelease = `${nextProgram} version >/dev/null 2>&1 || refuse "${nextProgram}, the program of the planned upgrade, does not run in this pod. Correct the upgrade in the network, or take it out."
`;

/** What the volume says: $height_signed, and whether it is $blank, so that the node would sign from height 1. */
const ownVolume = `data=${nodeHome}/data
database=
for found in "$data"/*.db "$data"/cs.wal "$data"/*/*.db "$data"/*/cs.wal; do
  if [ -e "$found" ]; then
    database=$found
    break
  fi
done
${readSigningState}
blank=
if [ ! -s "$state" ]; then
  [ ! "$database" ] || refuse "priv_validator_state.json is missing or empty beside $database. A fresh one could sign a height twice: restore the last one, or one whose height is above the chain's."
  blank="its volume is empty"
elif ! number "$height_signed"; then
  refuse "priv_validator_state.json holds no height. Restore the last one, or one whose height is above the chain's."
elif [ "$height_signed" = 0 ]; then
  blank="its signing state is at height 0"
  [ ! "$database" ] || blank="$blank beside $database"
fi
number "$height_signed" || height_signed=0
noted
[ "$mark" -le "$height_signed" ] || refuse "its signing state is at height $height_signed, and its key has signed height $mark. An older state signs heights twice: restore the last one, or one whose height is above the chain's."
if [ "$blank" ] && [ "$BOOTSTRAP" = no ]; then
  refuse "$blank, and its key may have signed. Restore its volume, or let the network say \\"bootstrap\\" for this validator."
fi`;

/** What the chain says: whether this key has signed a height above the state's. */
const theChain = `best=
top=0
look() {
  ask $VALIDATORS
  for host in $VALIDATORS; do
    if answer "$host" && [ "$height" -gt "$top" ]; then
      best=$host
      top=$height
    fi
  done
}
judge() {
  if [ "$1" -gt "$height_signed" ] && [ "$1" -lt "$top" ] && commit "$best" "$1" && signed "$SIGNER"; then
    [ "$blank" ] && [ "$BOOTSTRAP" = yes ] && [ "$1" -lt $((top - 50)) ] || refuse "its key has signed height $1, and its signing state is at height $height_signed. Either the key runs elsewhere, which must end first, or this state is an older one: restore the last one, or one whose height is above the chain's."
  fi
}
look
before=$top
if [ "$top" -eq $((height_signed + 1)) ] && [ ! "$blank" ]; then
  # Who signed the chain's last height shows with the next one.
  clock
  enough=$((now + STILL_SECONDS))
  while [ "$top" -eq "$before" ] && [ "$now" -lt "$enough" ]; do
    pause 1
    look
    clock
  done
  [ "$top" -gt "$before" ] || refuse "the chain stands still at height $top, and its signing state is at height $height_signed: whether it has signed in between can't be known. The runbook for restoring a volume says how to go on."
fi
if [ "$top" -gt "$height_signed" ]; then
  step=$(((top - height_signed) / 10 + 1))
  sample=$((height_signed + 1))
  while [ "$sample" -lt "$top" ]; do
    judge "$sample"
    sample=$((sample + step))
  done
  if [ "$step" -gt 1 ]; then
    for sample in $((height_signed + 2)) $((height_signed + 3)) $((top - 3)) $((top - 2)) $((top - 1)); do judge "$sample"; done
  fi
fi
if [ "$blank" ]; then
  if [ "$BOOTSTRAP" = yes ] && [ ! "$best" ]; then
    refuse "$blank, and no validator answers: the chain's height, below which it must not sign, can't be known."
  fi
  umask 077
  if [ "$top" -gt 0 ]; then
    echo "{\\"height\\":\\"$((top + 2))\\",\\"round\\":0,\\"step\\":0}" >"$state"
  elif [ ! -s "$state" ]; then
    echo '{"height":"0","round":0,"step":0}' >"$state"
  fi
fi`;
