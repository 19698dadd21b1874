import type { Network } from "../../network/schema.ts";
import { leavesSharedSidecar } from "../../network/sidecars.ts";
import { fieldFunction } from "./shell.ts";
import { nextProgram, plannedFunction, programFile } from "./upgrade-plan.ts";

/**
 * The script that starts the node while an upgrade is planned: the new release if the old one has stopped for the plan,
 * otherwise the old one. The node takes the shell's place, so that it is the container's first process and gets SIGTERM.
 *
 * The old release writes data/upgrade-info.json at the height of the plan, and never before; so a node that was away, or
 * whose volume is restored from before the height, runs the old release up to it. A plan that is cancelled on the chain,
 * or moved to another height, is never written under this name and height.
 */
export const launch = (network: Network): string => `set -u
${fieldFunction}${plannedFunction}
program=mezod
if planned; then
  program=${nextProgram}
  ${leavesSharedSidecar(network) ? ownSidecar(network) : ""}echo "The chain has reached the upgrade $UPGRADE_NAME: the new release starts." >&2
fi
echo "$program" >"${programFile}"
exec "$program" "$@"
`;

/** Both releases read one app.toml, which says where the sidecar of the old one is. A variable goes before the file. */
const ownSidecar = ({ ethereumSidecar }: Network) =>
  `export MEZOD_ETHEREUM_SIDECAR_CLIENT_SERVER_ADDRESS=localhost:${ethereumSidecar.port}
  `;
