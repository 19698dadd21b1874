// The command: pnpm cluster.
import { constants } from "node:os";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { application } from "tools/cluster/application.ts";
import { commandsFolder } from "tools/cluster/client-programs.ts";
import { beginCluster, clusterAt } from "tools/cluster/cluster.ts";
import { connect, holdsTrue, type Kube, type KubeObject } from "tools/cluster/kube.ts";
import { local } from "tools/cluster/local.ts";
import { logsFolder } from "tools/cluster/logs.ts";
import { heightOf, jsonRpcUrls } from "tools/cluster/node/json-rpc.ts";
import { nodeMissing } from "tools/cluster/node/requirements.ts";
import { buildAll } from "tools/cluster/programs.ts";
import { isHeld, readState, removeRest, type State, stateFile } from "tools/cluster/state.ts";
import { programsOf, startedIn } from "tools/cluster/supervisor.ts";
import { eventually } from "tools/cluster/wait.ts";
import { missing } from "tools/mezod/program.ts";
import { args, run } from "./lib/cli.ts";

const usage = `Usage: pnpm cluster up|down|status

A cluster for trying changes: etcd, Kubernetes, Argo CD, the SealedSecrets controller and a git server, each the
project's own program, with the network \`local\` as it is committed here. Its keys are made and sealed on the spot; this
checkout stays as it is. Everything is on loopback and in namespaces of its own.

As root the cluster has a real node: containers run, and five validators make blocks. Without, or where it lacks a
program, a stand-in reports nodes, pods, volumes and addresses, and no container runs; \`up\` says why.

  up       build what is missing, start it, deploy the network; it stays when the command ends
  status   programs, addresses, what is deployed; exits 1 when there is no cluster, or not all of it works
  down     end it; nothing is left

  --help   this text

Needs Linux, git and gcc, and root or user namespaces; a real node also containerd, runc, CNI's plugins, nftables and
iproute2, as Debian has them. ARGOCD=<path> runs an argocd binary of your own, such as a
release's, which has the web page in it.
`;

const commands = { up, down, status };

await run(usage, async () => {
  const { positionals } = args({});
  const [name = "", ...more] = positionals;
  if (!Object.hasOwn(commands, name) || more.length > 0) throw new UsageError("say one of up, down, status");
  return commands[name as keyof typeof commands]();
});
// What a failed start may still wait for.
process.exit();

async function up(): Promise<number> {
  const present = await current();
  if (present && !present.isReady) throw new OperatorError("another `pnpm cluster up` is at work");
  if (present) {
    console.log(`It is up already.\n${await guide(present)}`);
    return 0;
  }
  if (missing) throw new OperatorError(`the validators' keys can't be made here: the chain's node ${missing}`);
  if (nodeMissing) console.error(`cluster: no container will run, for a real node ${nodeMissing}`);
  const start = Date.now();
  await buildAll();

  const hasNode = !nodeMissing;
  const held = beginCluster({ hasNode, network: "local", stateFile: stateFile() });
  let interrupt: NodeJS.Signals | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupt ??= signal;
      void held.end();
    });
  }
  try {
    await held.ready;
    await held.stay();
  } catch {
    await held.end();
    const left = readState();
    // Where the holder was killed.
    if (left?.place.folder === held.place.folder) await removeRest(left);
    const message = "the cluster is gone again, with all that it had started";
    if (!interrupt) throw new OperatorError(message);
    console.error(message);
    return 128 + constants.signals[interrupt];
  }
  console.log(`Up in ${Math.ceil((Date.now() - start) / 1000)} s.\n${await guide({ place: held.place, hasNode })}`);
  return 0;
}

async function down(): Promise<number> {
  const state = readState();
  if (!state) {
    console.log("no cluster is up: nothing to do");
    return 0;
  }
  const { folder } = state.place;
  const count = startedIn(folder).length;
  const wasHeld = isHeld(state);
  if (wasHeld) {
    process.kill(state.holder, "SIGTERM");
    await eventually(() => !isHeld(state), 30).catch(() => process.kill(state.holder, "SIGKILL"));
  }
  await removeRest(state);
  console.log(`${wasHeld ? "" : "its holder had died already; "}ended ${count} processes, removed ${folder}`);
  return 0;
}

async function status(): Promise<number> {
  const state = await current();
  if (!state) {
    console.log("no cluster is up: pnpm cluster up");
    return 1;
  }
  const { place } = state;
  if (!state.isReady) {
    console.log("a `pnpm cluster up` is at work");
    return 1;
  }
  const programs = programsOf(place.folder);
  const dead = programs.filter(({ isAlive }) => !isAlive).map(({ name }) => name);
  console.log(`${await addresses(state)}

programs      ${programs.length - dead.length} of ${programs.length} run${dead.length > 0 ? `; not ${dead.join(", ")}` : ""}`);
  const deployed = await deployment(await connect(clusterAt(place).kubeconfig)).catch((error: Error) => {
    throw new OperatorError(`the API server does not answer: ${error.message}`);
  });
  console.log(deployed.lines.join("\n"));
  if (state.hasNode) {
    const height = await heightOf(place).catch(() => undefined);
    console.log(`chain         ${height === undefined ? "JSON-RPC does not answer" : `height ${height}`}`);
    if (height === undefined) return 1;
  } else {
    console.log("              (a stand-in for a kubelet says so: no container runs)");
  }
  return dead.length === 0 && deployed.isDone ? 0 : 1;
}

/** The cluster that is up. What is left of one whose holder died is removed. */
async function current(): Promise<State | undefined> {
  const state = readState();
  if (!state || isHeld(state)) return state;
  await removeRest(state);
  console.error(`a cluster had died: removed what it left in ${state.place.folder}`);
  return undefined;
}

/** What Argo CD says of the network, and how many of its pods are ready. */
async function deployment(kube: Kube) {
  const { status = {} } = await application(kube, `${local.app}-${local.name}`).read();
  const { sync, health, operationState, conditions = [] } = status;
  const pods = await kube.list("v1", "Pod", local.namespace);
  const isReady = (pod: KubeObject) => holdsTrue(pod, "Ready");
  const waiting = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.name);
  const isDone = sync?.status === "Synced" && health?.status === "Healthy" && waiting.length === 0;
  const messages = [operationState?.phase === "Succeeded" ? "" : operationState?.message];
  messages.push(...conditions.map(({ message }: KubeObject) => message));
  const lines = [
    `application   ${sync?.status ?? "unknown"}, ${health?.status ?? "unknown"}, at ${sync?.revision?.slice(0, 7) ?? "no commit"}`,
    ...messages.filter(Boolean).map((message) => `              ${message}`),
    `pods          ${pods.length - waiting.length} of ${pods.length} ready${waiting.length > 0 ? `; not ${waiting.join(", ")}` : ""}`,
  ];
  return { lines, isDone };
}

async function addresses({ place, hasNode }: Pick<State, "place" | "hasNode">): Promise<string> {
  const { argocd, kubeconfig, repoURL } = clusterAt(place);
  const { server } = (await connect(kubeconfig)).config.getCurrentCluster() ?? {};
  const page = await fetch(argocd, { headers: { accept: "text/html" } }).catch(() => undefined);
  const note = page?.ok ? "" : "   (its API alone: this binary has no web page in it)";
  const { http, webSocket } = jsonRpcUrls(place);
  return `${hasNode ? `JSON-RPC      ${http} and ${webSocket}\n` : ""}Kubernetes    ${server}
Argo CD       ${argocd}${note}
git           ${repoURL}
logs          ${logsFolder(place)}`;
}

/** What a person needs to know of a cluster that has just come up. */
async function guide(state: Pick<State, "place" | "hasNode">): Promise<string> {
  const { place, hasNode } = state;
  const note = hasNode
    ? "Five validators make blocks. mezod is a stand-in, and NetworkPolicies are not enforced (tools/cluster/README.md)."
    : "No container runs: pods, volumes and load balancers are what a stand-in reports (tools/cluster/fake-nodes.ts).";
  return `
${await addresses(state)}

For kubectl, and for it and argocd in versions that fit:
  export KUBECONFIG=${clusterAt(place).kubeconfig}
  export PATH=${commandsFolder(place)}:$PATH
  kubectl get pods --namespace ${local.namespace}
  argocd app get ${local.app}-${local.name}

${note}

Try a change:
  git clone ${clusterAt(place).repoURL} && cd mezo-staging
  edit generators/networks/local.ts; npx --yes pnpm@12.21.0 gen; git commit --all; git push
  pnpm cluster status

End it: pnpm cluster down`;
}
