// A program that runs a cluster until it is told to end. Its argument, in JSON, says which cluster. Its standard input is
// held by the process that started it: when that process ends, in whatever way, the input ends and so does the cluster. The
// line "detach" has it go on without that process. On its standard output it says "ready", and later "detached".
import { rmSync } from "node:fs";
import { ownMezod } from "../../mezod/own.ts";
import { connect } from "../kubernetes/client.ts";
import { chainMakesBlocks } from "../node/json-rpc.ts";
import type { ClusterRequest } from "../options.ts";
import { removeRun } from "../parts/existing-cluster.ts";
import { startFakeNodes } from "../parts/fake-nodes.ts";
import { type ClusterState, createState, replaceState } from "../state.ts";
import { cleanUp } from "./clean-up.ts";
import { startDeployment } from "./deployment.ts";
import { startPrograms } from "./start-programs.ts";
import { supervise } from "./supervisor.ts";

const request: ClusterRequest = JSON.parse(process.argv[2] ?? "");
const { location, hasNode = false, deploysLocal = false, stateFile } = request;
const mezod = ownMezod("MEZOD")?.path;
const state: ClusterState = { location, pid: process.pid, hasNode, isReady: false, ...(mezod && { mezod }) };
const supervisor = supervise(location);
let starting: Promise<void> | undefined;
let isDetached = false;
let isEnding = false;
let isNoted = false;

process.stdin
  .on("data", (text) => {
    if (String(text).startsWith("detach")) detach();
  })
  .on("end", () => {
    // By a signal, which a build that is under way receives, too.
    if (!isDetached) process.kill(process.pid, "SIGTERM");
  });
process
  .on("SIGTERM", () => void end(0))
  .on("SIGINT", () => void end(0))
  .on("SIGHUP", () => {});
// The process that reads them may have ended.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  if (stateFile) {
    createState(stateFile, state);
    isNoted = true;
  }
  starting = start();
  await starting;
  console.log("ready");
} catch (error) {
  // While the cluster ends, its programs fail one after the other.
  if (!isEnding) printError(error as Error);
  await end(1);
}

async function start(): Promise<void> {
  if (!deploysLocal) {
    await startPrograms(location, hasNode, supervisor.start);
    return;
  }
  const deployment = startDeployment(request);
  await Promise.all([startWithNodes().then(deployment.clusterIsReady), deployment.finished]);
  if (hasNode) await chainMakesBlocks(location);
}

async function startWithNodes(): Promise<void> {
  const kube = await startPrograms(location, hasNode, supervisor.start);
  if (!hasNode) await startFakeNodes(kube);
}

function detach(): void {
  isDetached = true;
  if (stateFile) replaceState(stateFile, { ...state, isReady: true });
  console.log("detached");
}

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await supervisor.stop();
  if (location.kubeconfig) await leaveExistingCluster(location.kubeconfig).catch(printError);
  await cleanUp(location);
  if (stateFile && isNoted) rmSync(stateFile, { force: true });
  process.exit(code);
}

async function leaveExistingCluster(kubeconfig: string): Promise<void> {
  // A start that is under way may still make something.
  await starting?.catch(() => {});
  await removeRun(await connect(kubeconfig), location);
}

function printError({ message }: Error): void {
  console.error(`error: ${message}`);
}
