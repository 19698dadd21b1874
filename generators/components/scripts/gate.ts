import { firstBlock } from "../../mezod/upgrade-path.ts";
import { imageOf, releaseIn } from "../../network/release.ts";
import type { BaseNetwork, Network } from "../../network/schema.ts";
import { shellFunctions } from "./shell.ts";

/**
 * The script of the gate before a batch of validators: it ends well when the chain can afford to lose them for a while.
 * It asks the chain itself, through every validator that answers and is not behind: of those who must sign, how many
 * did not sign the newest height? The batch may go if fewer than a third are down with it, and if the validators of the
 * batch before sign again. A chain that is unborn or stands still has nothing to lose.
 *
 * An answer counts only if its node has two new heights since the gate began, so a node that stands still never decides,
 * and nobody counts by a vote that he cast before; of those that count, each must agree.
 *
 * From the environment come CHAIN_ID; VALIDATORS, a word "host=signer" for each that it asks; BATCH and BEFORE, such words
 * of this batch's validators and of the batch before; PAUSED, those of validators that the network pauses; DONE, this
 * batch's fingerprint, which /done/fingerprint holds once the batch has been rolled out; NEW, "yes" where the chain may not
 * have begun, so that nobody need answer before the first rollout; STILL_SECONDS, after which a chain without a new block
 * counts as halted; PATIENCE_SECONDS, after which the gate gives up.
 */
export const gate = (network: BaseNetwork & Pick<Network, "chain" | "image" | "upgrade">): string => `set -u
${shellFunctions(network.ports.rpc)}
hosts=
for pair in $VALIDATORS; do hosts="$hosts \${pair%%=*}"; done

rolled=
[ ! -s /done/fingerprint ] || read -r rolled </done/fingerprint
if [ "$rolled" = "$DONE" ]; then
  echo "Nothing of this batch changes."
  exit 0
fi

signing() { # of words "host=signer": puts those that sign into $present, those that do not into $absent
  present=
  absent=
  for pair in "$@"; do
    if signed "\${pair#*=}"; then present="$present \${pair%%=*}"; else absent="$absent \${pair%%=*}"; fi
  done
}
words() { count=$#; }
flags() { # how many entries the commit has in all, and how many of them signed
  all=0
  signers=0
  rest=$commit
  while [ "$rest" != "\${rest#*\\"block_id_flag\\":\\"}" ]; do
    rest=\${rest#*\\"block_id_flag\\":\\"}
    all=$((all + 1))
    case $rest in BLOCK_ID_FLAG_COMMIT*) signers=$((signers + 1)) ;; esac
  done
}

# Whether the batch may go, as one host has it at a height; otherwise $why says why not.
may_go() {
  commit "$1" $(($2 - 1)) || return 1
  flags
  [ "$all" -gt 0 ] || return 1
  signing $BATCH
  words $present
  down=$((all - signers + count))
  signing $BEFORE
  late=
  for host in $absent; do
    # One that the chain does not count among its validators need not sign.
    if answer "$host" && [ "$power" = 0 ]; then continue; fi
    late="$late $host"
  done
  signing $VALIDATORS $PAUSED
  if [ $((3 * down)) -ge "$all" ]; then
    why="$((all - signers)) of $all validators do not sign (of ours:\${absent:- none}), and with this batch $down would be down: a third or more stops the chain"
    return 1
  fi
  if [ "$late" ]; then
    why="validators of the batch before do not sign yet:$late"
    return 1
  fi
}

clock
start=$now
moved=
why="no validator answers"
said=
heights=
while [ $((now - start)) -lt "$PATIENCE_SECONDS" ]; do
  ask $hosts
  clock
  unborn=yes
  fresh=
  seen=
  for host in $hosts; do
    answer "$host" || continue
    [ "$height" = 0 ] || unborn=
    seen="$seen $host:$height"
    case $heights in
    *" $host:"*)
      before=\${heights##* $host:}
      before=\${before%% *}
      if [ "$height" -gt "$before" ]; then moved=yes; fi
      if [ "$height" -gt $((before + 1)) ] && [ "$catching_up" = false ]; then fresh="$fresh $host:$height"; fi
      ;;
    esac
  done
  if [ "$unborn" ] && [ "$seen" ]; then
    echo "The chain has no block yet: nothing to lose."
    exit 0
  fi
  if [ "$NEW" = yes ] && [ ! "$rolled" ] && [ ! "$seen" ]; then
    echo "No validator answers, and this batch was never rolled out: nothing to lose."
    exit 0
  fi
  if [ ! "$fresh" ]; then
    if [ ! "$moved" ] && [ $((now - start)) -ge "$STILL_SECONDS" ]; then
      echo "The chain has made no block for $STILL_SECONDS seconds: nothing to lose."
      exit 0
    fi
    # The first height that each host said, until one of them moves on.
    [ "$heights" ] || heights="$seen "
    pause 1
    continue
  fi
  heights="$seen "
${early(network)}  agreed=yes
  for one in $fresh; do
    may_go "\${one%%:*}" "\${one#*:}" || agreed=
  done
  if [ "$agreed" ]; then
    echo "$signers of $all validators sign; $((all - down)) go on while this batch restarts."
    exit 0
  fi
  [ "$why" = "$said" ] || echo "Waiting: $why." >&2
  said=$why
  pause 1
done
echo "Held: $why. Bring those validators back, or roll them first by rollout.order. See docs/runbooks/held-rollout.md." >&2
exit 1
`;

/** Holds a release that may start only behind a halt which the chain has not reached. Once it has, it stands still. */
function early({ chain, ...network }: Pick<Network, "chain" | "image" | "upgrade">): string {
  const first = firstBlock(releaseIn(imageOf(network)), chain.id);
  if (first === undefined) return "";
  return `  for one in $fresh; do
    if [ "\${one#*:}" -lt ${first} ]; then
      echo "Held: the chain is at height \${one#*:}, and the release must not start before the halt at height ${first}. Go back to the release before, and declare this one by the field upgrade. See docs/upgrades.md." >&2
      exit 1
    fi
  done
`;
}
