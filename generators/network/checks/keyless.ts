import { keylessValues } from "../../mezod/node-files.ts";
import { keptKeys } from "../../mezod/roles.ts";
import { hasMixedArchives, keylessSets, ownPort, proxiedPorts, validatorsServe } from "../keyless.ts";
import { portNames } from "../ports.ts";
import { type Problem, valueAt } from "../problem.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";
import { switches } from "./switches.ts";

function* servedByNobody({ jsonRpcServedBy: value, rpcNodes }: Network): Iterable<Problem> {
  if (value === "validators" || rpcNodes) return;
  yield { path: ["jsonRpcServedBy"], value, message: 'must be "validators": the network has no rpcNodes' };
}

/** What RPC nodes are for: from then on nothing that the public does takes anything from a signer. */
function* openValidators(network: Network): Iterable<Problem> {
  if (validatorsServe(network)) return;
  for (const [position, value] of network.expose.entries()) {
    if (value === "p2p") continue;
    const message =
      'must not be open on validators once RPC nodes serve JSON-RPC: close it while jsonRpcServedBy is "both", as docs/runbooks/close-ports.md says, and open it in rpcNodes.expose where somebody needs it';
    yield { path: ["expose", position], value, message };
  }
}

function* archives({ rpcNodes, stateSync, ...network }: Network): Iterable<Problem> {
  if (rpcNodes?.archive === undefined) return;
  const { archive: value, replicas, settings } = rpcNodes;
  const path = ["rpcNodes", "archive"];
  if (value > replicas) yield { path, value, message: `must be at most ${replicas}, which is rpcNodes.replicas` };
  if (stateSync?.rpcNodes) {
    const message =
      "must be left out with stateSync.rpcNodes: what comes from peers has no earlier states; make its volume from that of an archive, by rpcNodes.storage.from";
    yield { path, value, message };
  }
  const pruning = valueAt(settings.app, ["pruning"]);
  if (pruning === undefined) return;
  const says = `must be left out: rpcNodes.archive says that ${value} of ${replicas} keep every state`;
  if (!hasMixedArchives({ ...network, rpcNodes })) {
    yield { path: ["rpcNodes", "settings", "app", "pruning"], value: pruning, message: says };
  } else if (pruning === "nothing") {
    const message = "must prune: the others than rpcNodes.archive do; leave that out where all keep every state";
    yield { path: ["rpcNodes", "settings", "app", "pruning"], value: pruning, message };
  }
}

function* stateFromTwoPlaces({ rpcNodes, stateSync }: Network): Iterable<Problem> {
  if (stateSync?.validators.length === 0 && !stateSync.rpcNodes) {
    const message = "must name at least one validator, or say rpcNodes: true beside it";
    yield { path: ["stateSync", "validators"], value: stateSync.validators, message };
  }
  if (stateSync?.rpcNodes && !rpcNodes) {
    yield { path: ["stateSync", "rpcNodes"], value: true, message: "must be left out: the network has no rpcNodes" };
  }
  if (stateSync?.rpcNodes && rpcNodes?.storage.from) {
    const message = "must be left out with stateSync.rpcNodes: a volume that is a copy has a state already";
    yield { path: ["rpcNodes", "storage", "from"], value: rpcNodes.storage.from, message };
  }
}

/** What its settings must not take from a node of its kind. */
function* roles(network: Network): Iterable<Problem> {
  for (const { kind, settings } of keylessSets(network)) {
    const field = kind === "seed" ? "seedNodes" : "rpcNodes";
    for (const { file, path, value: only, because } of keptKeys(kind)) {
      const value = valueAt(settings[file], path.split("."));
      if (value === undefined || value === only) continue;
      const message = `must stay ${JSON.stringify(only)}: ${because}`;
      yield { path: [field, "settings", file, ...path.split(".")], value, message };
    }
  }
}

/** The ports at which RPC nodes answer behind their proxies, which are so much higher than the proxies' own. */
function* ownPorts(network: Network): Iterable<Problem> {
  if (!network.rpcNodes) return;
  for (const name of proxiedPorts) {
    const [value, own] = [network.ports[name], ownPort(network, name)];
    const taken = portNames.find((each) => network.ports[each] === own);
    const behind = `RPC nodes answer at ${own} behind their proxies`;
    if (own > 65535) {
      yield { path: ["ports", name], value, message: `must be at most ${65535 - (own - value)}: ${behind}` };
    } else if (taken) {
      yield { path: ["ports", name], value, message: `must be another one: ${behind}, which is ports.${taken}` };
    }
  }
}

/** Ports that somebody is led to, and on which RPC nodes would not listen. */
function* switchedOff(network: Network): Iterable<Problem> {
  const { clients, monitoring, rpcNodes } = network;
  if (!rpcNodes) return;
  for (const { file, key, ports } of switches) {
    const value = valueAt(keylessValues(network, "rpc-node", file), key);
    const needs = ports.flatMap((port) => [
      ...(rpcNodes.expose.some((each) => each === port) ? [`${port} is in \`rpcNodes.expose\``] : []),
      ...(clients.some((client) => client.ports.some((each) => each === port)) ? [`${port} is in \`clients\``] : []),
      ...(port === "metrics" && monitoring ? ["`monitoring` collects the metrics of every node"] : []),
    ]);
    if (value === true || !needs[0]) continue;
    yield { path: ["rpcNodes", "settings", file, ...key], value, message: `must be true: ${needs[0]}` };
  }
}

function* exposed({ gke, rpcNodes }: Network): Iterable<Problem> {
  const expose = rpcNodes?.expose ?? [];
  for (const [position] of repeated(expose)) {
    yield { path: ["rpcNodes", "expose", position], value: expose[position], message: "is listed twice" };
  }
  if (!gke) return;
  const { rpcNodeAddress: value } = gke;
  if (expose.length > 0 && value === undefined) {
    const message = "is missing: the reserved address at which the ports of rpcNodes.expose are public";
    yield { path: ["gke", "rpcNodeAddress"], value, message };
  } else if (expose.length === 0 && value !== undefined) {
    yield { path: ["gke", "rpcNodeAddress"], value, message: "must be left out: rpcNodes.expose opens no port there" };
  }
}

function* seeds({ gke, seedNodes, validators }: Network): Iterable<Problem> {
  const hosts = seedNodes?.hosts ?? [];
  for (const [position] of repeated(hosts)) {
    yield { path: ["seedNodes", "hosts", position], value: hosts[position], message: "is listed twice" };
  }
  for (const [position, value] of hosts.entries()) {
    const owner = validators.findIndex(({ host }) => host === value);
    if (owner === -1) continue;
    const message = `is validators[${owner}].host: a seed is another node, with an identity of its own`;
    yield { path: ["seedNodes", "hosts", position], value, message };
  }
  const value = gke?.seedAddress;
  if (gke && seedNodes && value === undefined) {
    const message = "is missing: seeds have reserved addresses, such as mezo-staging-seed-{index}-external-ip";
    yield { path: ["gke", "seedAddress"], value, message };
  } else if (!seedNodes && value !== undefined) {
    yield { path: ["gke", "seedAddress"], value, message: "must be left out: the network has no seedNodes" };
  }
}

function* enoughMachines({ gke, spread, ...network }: Network): Iterable<Problem> {
  if (!gke || spread === "preferred") return;
  for (const { kind, replicas } of keylessSets(network)) {
    if (replicas <= gke.nodes) continue;
    const field = kind === "seed" ? ["seedNodes", "hosts", "length"] : ["rpcNodes", "replicas"];
    const message = `must be at most ${gke.nodes}, which is gke.nodes: with spread "required" no two share a machine`;
    yield { path: field, value: replicas, message };
  }
}

export const keylessChecks: Check[] = [
  servedByNobody,
  openValidators,
  archives,
  stateFromTwoPlaces,
  roles,
  ownPorts,
  switchedOff,
  exposed,
  seeds,
  enoughMachines,
];
