/** `field JSON KEY` puts a string's or a number's text into $value, and fails where the key is not there. */
export const fieldFunction = `field() {
  value=\${1#*\\"$2\\":}
  [ "$value" != "$1" ] || return 1
  value=\${value#\\ }
  value=\${value#\\"}
  value=\${value%%[\\",\\}]*}
}
`;

/**
 * `clock` puts the seconds since the machine's start into $now; `pause SECONDS` lets as much time pass, or less. The kernel's
 * uptime is the clock. To pause, busybox's shell, as chains' images have it, waits for a line that nobody writes; a POSIX
 * shell can't, and runs a program that soon ends by itself.
 */
export const pauseFunctions = `clock() {
  IFS=. read -r now rest </proc/uptime
}
timed=
if [ -c /dev/ptmx ]; then
  code=0
  (read -r -t 0.1 nothing </dev/ptmx) 2>/dev/null || code=$?
  case $code in
  1 | 1[2-9]?) timed=yes ;;
  esac
fi
pause() {
  if [ "$timed" ]; then
    read -r -t "$1" nothing </dev/ptmx 2>/dev/null || :
  else
    mezod version >/dev/null 2>&1 || :
  fi
}
`;

/**
 * What the scripts in the node's image have in common. The image has mezod and the builtins of a shell: no sleep, no grep,
 * no cat.
 *
 * - `field JSON KEY` is above.
 * - `number TEXT` fails for what is not a whole number.
 * - `clock` and `pause` are above.
 * - `ask HOST…` asks one of these after the other for its status, each for five seconds at most: a program as large as
 *   mezod that is started many times at once would slow down the validators beside it. `answer HOST` then has its
 *   $height, $catching_up and $power; it fails for a host that did not answer, or that is of another chain.
 * - `ask_own` asks this node alone, for as long as the probe lets it.
 * - `commit HOST HEIGHT` puts into $commit who signed that height; the block after it says so.
 * - `signed ADDRESS` is whether the validator of that address (base64) is among them.
 *
 * CHAIN_ID comes from the environment; answers are kept in $HOME. mezod as a client ends before it needs a garbage
 * collector, which took a third of its time.
 */
export const shellFunctions = (rpcPort: number) => `export GOGC=off
${fieldFunction}number() {
  case $1 in
  '' | *[!0-9]*) return 1 ;;
  esac
}
${pauseFunctions}ask_own() {
  mezod status --home "$HOME/127.0.0.1" --node tcp://127.0.0.1:${rpcPort} --output json >"$HOME/127.0.0.1.status" 2>/dev/null
}
ask() {
  for host in "$@"; do
    : >"$HOME/$host.status"
    mezod status --home "$HOME/$host" --node "tcp://$host:${rpcPort}" --output json >"$HOME/$host.status" 2>/dev/null &
    clock
    enough=$((now + 5))
    while kill -0 "$!" 2>/dev/null && [ "$now" -lt "$enough" ]; do
      pause 0.1
      clock
    done
    kill -9 "$!" 2>/dev/null || :
    wait
  done
}
answer() {
  status=
  IFS= read -r status <"$HOME/$1.status" || [ "$status" ] || return 1
  field "$status" network && [ "$value" = "$CHAIN_ID" ] || return 1
  field "$status" voting_power && power=$value || return 1
  field "$status" catching_up && catching_up=$value || return 1
  field "$status" latest_block_height && number "$value" && height=$value || return 1
}
commit() {
  commit=$(mezod query block --type=height $(($2 + 1)) --home "$HOME/$1" --node "tcp://$1:${rpcPort}" --output json 2>/dev/null) || return 1
  commit=\${commit#*\\"last_commit\\":}
  case $commit in
  *'"signatures":['*) ;;
  *) return 1 ;;
  esac
}
signed() {
  case $commit in
  *'BLOCK_ID_FLAG_COMMIT","validator_address":"'"$1"'"'*) ;;
  *) return 1 ;;
  esac
}
`;
