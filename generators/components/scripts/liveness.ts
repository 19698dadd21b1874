import type { BaseNetwork } from "../../network/schema.ts";
import { fieldFunction } from "./shell.ts";
import { plannedFunction, programFile } from "./upgrade-plan.ts";

/** How the script ends the node, which is the container's first process. */
export const endNode = "kill -TERM 1";

/**
 * The liveness probe's script while an upgrade is planned. At the height of a plan the old release stops its consensus, and
 * its process lives on and answers; nothing else would ever restart it. What tells it from every other silence is that it
 * has written the plan's file since it was started: had the file been there before, the new release would have been started.
 * The node then ends as by Kubernetes' own signal, and the container starts again, with the new release. It takes no
 * failed probes in a row and no pause, because whoever asks this node gets old answers.
 *
 * Otherwise the node lives while it answers, as by the probe that it has without a plan.
 */
export const liveness = ({ ports }: BaseNetwork): string => `set -u
${fieldFunction}${plannedFunction}
program=
[ ! -s "${programFile}" ] || IFS= read -r program <"${programFile}"
if [ "$program" = mezod ] && planned; then
  echo "This release has stopped for the upgrade $UPGRADE_NAME at height $UPGRADE_HEIGHT. The node restarts with the new one." >&2
  ${endNode}
  exit 1
fi
export GOGC=off
exec mezod status --home "$HOME/liveness" --node tcp://127.0.0.1:${ports.rpc} >/dev/null 2>&1
`;
