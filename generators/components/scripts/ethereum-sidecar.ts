import { nodeHome, passwordFile } from "../../network/names.ts";
import { planOf } from "../../network/release.ts";
import type { Network } from "../../network/schema.ts";
import { ethereumNetwork, leavesSharedSidecar } from "../../network/sidecars.ts";
import { pauseFunctions } from "./shell.ts";
import { nodeNotes, programFile } from "./upgrade-plan.ts";

/** Where an ethereum-sidecar in a validator's pod finds its keyring's password and the Ethereum node's address. */
export const sidecarFolder = "/sidecar";

/** The file with the Ethereum node's address there. */
export const addressFile = "ethereum-node-address";

// Between two starts: an Ethereum node that refuses connections is not asked in a loop.
const pauseSeconds = 10;

/**
 * The script of an ethereum-sidecar that is in a validator's pod. The sidecar ends whenever it loses the Ethereum node, and a
 * container that has ended makes the whole pod unready: JSON-RPC's Service would drop a validator that signs. So the shell
 * stays, and starts it again; it is no part of what makes the pod ready.
 *
 * The sidecar takes the account's key from the keyring, whose password it reads from standard input, and more than once. The
 * shell's own builtins write it there: it is in no environment, and in no arguments. The Cosmos SDK takes up to 4096 bytes
 * each time, uses the first line and forgets the rest, so each 4096 bytes must begin with the password. What is not there
 * yet, such as a Secret that nobody has sealed again, is waited for.
 *
 * KEY_NAME comes from the environment: the account's name in the keyring.
 */
export function ethereumSidecar(network: Network): string {
  const { functions, notYet, program, watch } = planOf(network) ? withPlan(network) : alone;
  return `set -u
${pauseFunctions}child=
watcher=
stop() {
  trap '' TERM INT
  [ ! "$child" ] || kill $child $watcher 2>/dev/null || :
  wait
  exit 0
}
trap stop TERM INT
line() { # puts the first line of a file into $line; fails where there is none
  line=
  [ -s "$1" ] || return 1
  IFS= read -r line <"$1" || [ "$line" ]
}
passwords() { # the password, filled with empty lines to a power of two, again and again
  unit="$password
"
  size=64
  while [ "$size" -lt "\${#unit}" ]; do size=$((size * 2)); done
  while [ "\${#unit}" -lt "$size" ]; do
    unit="$unit
"
  done
  while printf '%s' "$unit" 2>/dev/null; do :; done
}
${functions}while :; do
  ${notYet}if ! line ${sidecarFolder}/${passwordFile}; then
    echo "the ethereum-sidecar waits for ${sidecarFolder}/${passwordFile}: seal the validator's keystore again" >&2
  elif password=$line && ! line ${sidecarFolder}/${addressFile}; then
    echo "the ethereum-sidecar waits for ${sidecarFolder}/${addressFile}: seal the Ethereum node's address" >&2
  else
    passwords | ${program} ethereum-sidecar ${flags(network)} --key-name "$KEY_NAME" --ethereum-sidecar.server.ethereum-node-address "$line" &
    child=$!
${watch.begins}    code=0
    wait "$child" || code=$?
${watch.ends}    child=
    echo "the ethereum-sidecar ended with exit code $code; the validator signs on, and the sidecar starts again" >&2
  fi
  clock
  enough=$((now + ${pauseSeconds}))
  while [ "$now" -lt "$enough" ]; do
    pause 1
    clock
  done
done
`;
}

/** One release is in the pod. */
const alone = { functions: "", notYet: "", program: "mezod", watch: { begins: "", ends: "" } };

/**
 * While an upgrade is planned the pod holds two releases, and the sidecar is of the one that the node is: it starts with
 * that program, and ends once the node is another one. Before a release that brings sidecars of their own, the node asks
 * the one that validators share, and none runs here.
 */
const withPlan = (network: Network) => ({
  functions: `node() { # puts the program that this pod's node is into $program; fails while that needs no sidecar here
  line ${programFile.replace("$HOME", nodeNotes)} && program=$line${leavesSharedSidecar(network) ? ' && [ "$program" != mezod ]' : ""}
}
watch() { # ends a sidecar once the node is another program than this one
  while node && [ "$program" = "$1" ]; do
    pause 5
  done
  kill "$2"
}
echo "the ethereum-sidecar is of the release that the node in this pod runs, and starts ${leavesSharedSidecar(network) ? "with the planned one: until then the validators share another" : "once it runs"}" >&2
`,
  notYet: `if ! node; then
    :
  el`,
  program: '"$program"',
  watch: {
    begins: `    watch "$program" "$child" 2>/dev/null &
    watcher=$!
`,
    ends: `    kill "$watcher" 2>/dev/null || :
    watcher=
`,
  },
});

// Both are in one pod: nobody else asks the sidecar, and the sidecar asks no other node.
const flags = (network: Network) =>
  [
    `--ethereum-sidecar.server.address 127.0.0.1:${network.ethereumSidecar.port}`,
    `--ethereum-sidecar.server.network ${ethereumNetwork(network)}`,
    `--ethereum-sidecar.server.assets-unlocked-endpoint 127.0.0.1:${network.ports.grpc}`,
    `--keyring-backend file --keyring-dir ${nodeHome}`,
  ].join(" ");
