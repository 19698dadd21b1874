import { OperatorError } from "generators/operator-error.ts";
import { clusterAt } from "../cluster.ts";
import { application } from "../kubernetes/application.ts";
import { connect, isTrue, type Kube, type KubeObject } from "../kubernetes/client.ts";
import type { ClusterLocation } from "../location.ts";
import { networkOn } from "../network/local.ts";
import { heightOf } from "../node/json-rpc.ts";
import { programStates } from "../process/processes.ts";
import { currentCluster } from "./current.ts";
import { addresses } from "./guide.ts";

/** A part of the status: its lines, and whether that part works. */
interface Part {
  lines: string[];
  works: boolean;
}

/** Prints the state of the cluster; returns the exit code, 0 only when all of the cluster works. */
export async function status(): Promise<number> {
  const state = await currentCluster();
  if (!state) {
    console.log("no cluster is up: pnpm cluster up");
    return 1;
  }
  if (!state.isReady) {
    console.log("a `pnpm cluster up` is at work");
    return 1;
  }
  const { location, hasNode } = state;
  console.log(`${await addresses(state)}\n`);
  const parts = [() => programs(location), () => deployment(location), () => chain(location, hasNode)];
  let works = true;
  for (const part of parts) {
    const { lines, works: partWorks } = await part();
    console.log(lines.join("\n"));
    works &&= partWorks;
  }
  return works ? 0 : 1;
}

function programs(location: ClusterLocation): Part {
  const states = programStates(location);
  const dead = states.filter(({ isRunning }) => !isRunning).map(({ name }) => name);
  return {
    lines: [`programs      ${states.length - dead.length} of ${states.length} run${except(dead)}`],
    works: dead.length === 0,
  };
}

async function deployment(location: ClusterLocation): Promise<Part> {
  try {
    const kube = await connect(clusterAt(location).kubeconfig);
    const [app, workloads] = [await applicationStatus(kube, location), await pods(kube, location)];
    return { lines: [...app.lines, ...workloads.lines], works: app.works && workloads.works };
  } catch (error) {
    throw new OperatorError(`the API server does not answer: ${(error as Error).message}`);
  }
}

/** What Argo CD says of the network. */
async function applicationStatus(kube: Kube, location: ClusterLocation): Promise<Part> {
  const { app, name } = networkOn(location);
  const { status = {} } = await application(kube, `${app}-${name}`).read();
  const { sync, health, operationState, conditions = [] } = status;
  const messages: (string | undefined)[] = conditions.map(({ message }: KubeObject) => message);
  if (operationState?.phase !== "Succeeded") messages.unshift(operationState?.message);
  const commit = sync?.revision?.slice(0, 7) ?? "no commit";
  return {
    lines: [
      `application   ${sync?.status ?? "unknown"}, ${health?.status ?? "unknown"}, at ${commit}`,
      ...messages.filter(Boolean).map((message) => `              ${message}`),
    ],
    works: sync?.status === "Synced" && health?.status === "Healthy",
  };
}

async function pods(kube: Kube, location: ClusterLocation): Promise<Part> {
  const { namespace } = networkOn(location);
  // A gate's pod stays when it has done its work.
  const all = (await kube.list("v1", "Pod", namespace)).filter(({ status }) => status?.phase !== "Succeeded");
  const waiting = all.filter((pod) => !isTrue(pod, "Ready")).map(({ metadata }) => metadata.name);
  return {
    lines: [`pods          ${all.length - waiting.length} of ${all.length} ready${except(waiting)}`],
    works: waiting.length === 0,
  };
}

async function chain(location: ClusterLocation, hasNode: boolean): Promise<Part> {
  if (!hasNode) return { lines: ["              (reported by stand-ins for nodes: no container runs)"], works: true };
  const height = await heightOf(location).catch(() => undefined);
  return {
    lines: [`chain         ${height === undefined ? "JSON-RPC does not answer" : `height ${height}`}`],
    works: height !== undefined,
  };
}

const except = (names: string[]) => (names.length > 0 ? `, except ${names.join(", ")}` : "");
