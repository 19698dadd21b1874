// A program: a cluster, from nothing until it is told to end. Its standard input is the string that it hangs on: when
// whoever started it ends, however that is, the string is cut and the cluster goes. "stay" on it means to go on without.
// Its argument says where the cluster is to be; its standard output says when it is ready, and that it stays.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { argocd, argocdNamespace, argocdSettings, writeArgocdFiles } from "./argocd.ts";
import { removeLeft } from "./clean-up.ts";
import { writeCommands } from "./client-programs.ts";
import { controlPlane, kubeconfigFile, writeControlPlaneFiles } from "./control-plane.ts";
import { applyCrds } from "./crds.ts";
import { admitSealedSecrets, labels, leave } from "./existing-cluster.ts";
import { startWorld } from "./fake-nodes.ts";
import { gitServer, makeRepository } from "./git.ts";
import { connect, type Kube } from "./kube.ts";
import type { Place } from "./location.ts";
import { makesBlocks } from "./node/json-rpc.ts";
import { startMachine, startNode } from "./node/node.ts";
import { clusterPrograms, type Programs } from "./programs.ts";
import { announceSealedSecrets, podNetwork, sealedSecrets } from "./sealed-secrets.ts";
import { createState, replaceState } from "./state.ts";
import { marker, type Program, supervise } from "./supervisor.ts";
import { tunnel } from "./tunnel.ts";

/** What to hold. */
export interface Order {
  place: Place;
  /** Whether with a real node, which runs pods, or without any. */
  hasNode?: boolean;
  /** Whether to deploy `local`; kept, what it was made with stays: its artifacts, and the clone that was pushed. */
  network?: "local" | "local, kept";
  /** Where to note it, for other commands. */
  stateFile?: string;
}

const { place, hasNode = false, network, stateFile }: Order = JSON.parse(process.argv[2] ?? "");
const state = { place, holder: process.pid, hasNode, isReady: false };
const programs = supervise(place.folder);
const say = (text: string) => console.error(`cluster: ${text}`);
const warn = ({ message }: Error) => console.error(`error: ${message}`);
let isStaying = false;
let isEnding = false;
let isNoted = false;
let begun: Promise<Kube> | undefined;

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await programs.stop();
  if (place.kubeconfig) await leaveExisting(place.kubeconfig).catch(warn);
  await removeLeft(place);
  if (stateFile && isNoted) rmSync(stateFile, { force: true });
  process.exit(code);
}

async function leaveExisting(kubeconfig: string): Promise<void> {
  // What begins makes something yet.
  await begun?.catch(() => {});
  await leave(await connect(kubeconfig), place);
}

process.stdin
  .on("data", (text) => {
    if (!String(text).startsWith("stay")) return;
    isStaying = true;
    if (stateFile) replaceState(stateFile, { ...state, isReady: true });
    console.log("stays");
  })
  .on("end", () => {
    // As a signal, which a build that is under way hears too.
    if (!isStaying) process.kill(process.pid, "SIGTERM");
  });
process
  .on("SIGTERM", () => void end(0))
  .on("SIGINT", () => void end(0))
  .on("SIGHUP", () => {});
// Who listened may be gone.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  if (stateFile) {
    createState(stateFile, state);
    isNoted = true;
  }
  if (network) {
    const { deployed, clusterIsReady } = makeNetwork();
    await Promise.all([beginWithNodes().then(clusterIsReady), deployed]);
    if (hasNode) await makesBlocks(place);
  } else {
    begun = begin();
    await begun;
  }
  console.log("ready");
} catch (error) {
  // Told to end, programs fail one after the other.
  if (!isEnding) warn(error as Error);
  await end(1);
}

async function beginWithNodes(): Promise<void> {
  const kube = await begin();
  if (!hasNode) await startWorld(kube);
}

async function begin(): Promise<Kube> {
  const built = await clusterPrograms();
  writeArgocdFiles(place, built);
  writeCommands(place, built);
  makeRepository(place);
  const managers = place.kubeconfig ? [] : await startControlPlane(built);
  const kube = await connect(kubeconfigFile(place));
  say("starting Argo CD and the SealedSecrets controller");
  const early = Promise.all([...managers, gitServer(place)].map((program) => programs.start(program)));
  early.catch(() => {});
  // First, for of two runs on a cluster that is there already only one can have it.
  await kube.create({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: argocdNamespace, labels: labels(place) },
  });
  await applyCrds(kube, labels(place));
  for (const object of argocdSettings) await kube.apply(object);
  const argo = await argocd(place, built);
  if (place.kubeconfig) await admitSealedSecrets(kube, place);
  await Promise.all([
    early,
    ...argo.map(programs.start),
    hasNode
      ? startNode(place, built, kube, programs.start)
      : programs.start(sealedSecrets(kube, place, built.sealedSecrets)),
    // There is no way from somebody's API server to a program here, and a node has it as a pod.
    hasNode || place.kubeconfig ? undefined : announceSealedSecrets(kube),
  ]);
  return kube;
}

/** Starts etcd and the API server, and returns what a control plane has besides. */
async function startControlPlane({ controlPlane: command }: Programs): Promise<Program[]> {
  say("starting etcd and Kubernetes' control plane");
  writeControlPlaneFiles(place);
  const [etcd, apiServer, ...managers] = controlPlane(place, command, hasNode);
  if (!etcd || !apiServer) throw new Error("no control plane");
  const network = hasNode ? startMachine(place, programs.start) : tunnel(place.tunnel, podNetwork(place));
  await Promise.all([network, programs.start(etcd).then(() => programs.start(apiServer))]);
  return managers;
}

/** Begins to make the network `local`; it waits for the cluster before it deploys it. */
function makeNetwork() {
  const script = join(import.meta.dirname, "local-network.ts");
  const child = spawn(
    "setpriv",
    [
      "--pdeathsig",
      "KILL",
      process.execPath,
      script,
      JSON.stringify(place),
      network === "local, kept" ? "keep" : "remove",
    ],
    {
      // In what it takes for the first shell, bash with a socket as its standard input reads a person's .bashrc.
      env: { ...process.env, SHLVL: "1", TMPDIR: join(place.folder, "tmp"), [marker]: place.folder },
      stdio: ["pipe", "ignore", "inherit"],
    },
  );
  child.stdin.on("error", () => {});
  const deployed = once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error("the network local is not deployed");
  });
  return { deployed, clusterIsReady: () => child.stdin.end() };
}
