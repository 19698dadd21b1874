import { constants } from "node:os";
import { OperatorError } from "generators/operator-error.ts";
import { ownMezod } from "../../mezod/own.ts";
import { mezodUnavailable } from "../../mezod/program.ts";
import { launchCluster } from "../cluster.ts";
import { networkOn } from "../network/local.ts";
import { checkOwnMezods } from "../network/own-mezod.ts";
import { nodeUnavailable } from "../node/requirements.ts";
import { buildAll } from "../programs.ts";
import { readState, stateFile } from "../state.ts";
import { currentCluster, removeCluster } from "./current.ts";
import { guide } from "./guide.ts";

/** Starts the cluster and deploys the network of that name, or `local`; returns the exit code. */
export async function up(name?: string): Promise<number> {
  const network = networkOn({ network: name });
  if (network.gke)
    throw new OperatorError(`${network.name} has \`gke\`: a cluster on this machine runs networks without it`);
  checkOwnMezods(network);
  const current = await currentCluster();
  if (current && !current.isReady) throw new OperatorError("another `pnpm cluster up` is at work");
  if (current) {
    console.log(`The cluster is already up.\n${await guide(current)}`);
    return 0;
  }
  if (mezodUnavailable) throw new OperatorError(`the validators' keys cannot be made here: mezod ${mezodUnavailable}`);
  if (nodeUnavailable) console.error(`cluster: no container will run, because a real node ${nodeUnavailable}`);
  const start = Date.now();
  await buildAll();
  return launch({ hasNode: !nodeUnavailable, start, network: network.name });
}

async function launch({
  hasNode,
  start,
  network,
}: {
  hasNode: boolean;
  start: number;
  network: string;
}): Promise<number> {
  const mezod = ownMezod("MEZOD")?.path;
  const launched = launchCluster({ hasNode, deploysLocal: true, network, stateFile: stateFile() });
  let interrupt: NodeJS.Signals | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupt ??= signal;
      void launched.end();
    });
  }
  const { location } = launched;
  try {
    await launched.ready;
    await launched.detach();
  } catch {
    await launched.end();
    // When the cluster's process was killed, its note is still there.
    if (readState()?.location.folder === location.folder) await removeCluster({ location });
    const message = "the cluster did not start; everything that it had started was removed";
    if (!interrupt) throw new OperatorError(message);
    console.error(message);
    return 128 + constants.signals[interrupt];
  }
  console.log(
    `Up in ${Math.ceil((Date.now() - start) / 1000)} s.\n${await guide({ location, hasNode, ...(mezod && { mezod }) })}`,
  );
  return 0;
}
