import { setTimeout as sleep } from "node:timers/promises";
import { imageReference } from "generators/components/kustomization.ts";
import { clientResources, restrictedContainer, restrictedPod } from "generators/components/security.ts";
import { labelSelector } from "generators/label-selector.ts";
import { gateLabels, nodeLabels } from "generators/network/names.ts";
import { imageOf } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import { type Api, type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

/** How a pod ended: with which code and last words. */
interface Ended {
  code: number;
  says: string;
}

export interface TrialFacts {
  /** A pod that starts the network's image and asks for its version. */
  image: Fact<Ended>;
  /** The same pod, which has a gate's labels and so may ask a validator; undefined where no validator runs. */
  allowed: Fact<Ended> | undefined;
  /** A pod that policies keep from everything, and that asks the same validator; undefined where none runs. */
  policy: Fact<Ended> | undefined;
}

// The image may be large, and its registry far.
const patience = 180_000;
// A packet that a policy drops is never answered, so that pod ends by its deadline.
const silence = 60_000;

/** The names of the pods that are made, and removed. */
export const trialNames = ({ app }: Pick<Network, "app">) => [`${app}-check-image`, `${app}-check-policy`];

/** Runs two pods in the network's namespace, one after the other, and removes each. */
export async function collectTrials({ network, api }: Subject): Promise<TrialFacts> {
  const [imageName = "", policyName = ""] = trialNames(network);
  const found = await factOf(addressOfValidator(network, api));
  const address = "value" in found ? found.value : undefined;
  const ask = ["mezod", "status", "--home", "/tmp", "--node", `tcp://${address}:${network.ports.rpc}`];
  const first = { version: ["mezod", "version"], ...(address && { ask }) };
  const gate = await factOf(runPod(network, api, trialPod(network, imageName, gateLabels(network), first, silence)));
  const image = endOf(gate, "version");
  if (!address) {
    const untold = "unknown" in found ? found : undefined;
    return { image, allowed: untold, policy: untold };
  }
  // The policy that denies everything selects the label `app` alone, and nothing else opens a way for this pod.
  const denied = trialPod(network, policyName, { app: network.app }, { ask }, silence);
  const outsider = await factOf(runPod(network, api, denied));
  return { image, allowed: endOf(gate, "ask"), policy: endOf(outsider, "ask") };
}

/** How one container of a pod ended. */
function endOf(pod: Fact<Record<string, Ended>>, container: string): Fact<Ended> {
  if ("unknown" in pod) return pod;
  const value = pod.value[container];
  return value ? { value } : { unknown: "it did not run" };
}

async function addressOfValidator(network: Network, { request }: Api): Promise<string | undefined> {
  const selector = labelSelector(nodeLabels(network));
  const { items } = await request(`/api/v1/namespaces/${network.namespace}/pods`, {
    query: { labelSelector: selector },
  });
  const ready = ({ status }: KubeObject) =>
    status?.conditions?.some(({ type, status }: KubeObject) => type === "Ready" && status === "True");
  return items.find(ready)?.status.podIP;
}

/** A pod that runs commands of the network's image, a container each, as restricted as a gate, and ends by itself. */
export const trialPod = (
  network: Network,
  name: string,
  labels: Record<string, string>,
  commands: Record<string, string[]>,
  deadline: number,
) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: network.namespace, labels },
  spec: {
    ...restrictedPod,
    restartPolicy: "Never",
    activeDeadlineSeconds: deadline / 1000,
    terminationGracePeriodSeconds: 1,
    containers: Object.entries(commands).map(([container, command]) => ({
      name: container,
      image: imageReference(imageOf(network)),
      command,
      env: [{ name: "HOME", value: "/tmp" }],
      resources: clientResources,
      securityContext: restrictedContainer,
      terminationMessagePolicy: "FallbackToLogsOnError",
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    })),
    volumes: [{ name: "tmp", emptyDir: {} }],
  },
});

async function runPod(network: Network, { request }: Api, pod: ReturnType<typeof trialPod>) {
  const pods = `/api/v1/namespaces/${network.namespace}/pods`;
  const path = `${pods}/${pod.metadata.name}`;
  await request(pods, { method: "POST", body: pod });
  const remove = () => request(path, { method: "DELETE" }).catch(() => {});
  // Ctrl-C must leave no pod behind.
  const interrupted = () => remove().finally(() => process.exit(130));
  process.once("SIGINT", interrupted);
  try {
    return await ended(request, path);
  } finally {
    process.off("SIGINT", interrupted);
    await remove();
  }
}

/** How each container of a pod ended, by its name. */
async function ended(request: Api["request"], path: string): Promise<Record<string, Ended>> {
  const end = Date.now() + patience;
  let waits = "it was not scheduled";
  let ran = false;
  const ends: Record<string, Ended> = {};
  while (Date.now() < end) {
    const { spec, status = {} } = await request(path);
    const states: [string, KubeObject][] = (status.containerStatuses ?? []).map(({ name, state }: KubeObject) => [
      name,
      state ?? {},
    ]);
    for (const [name, { terminated }] of states) {
      if (terminated) ends[name] ??= { code: terminated.exitCode, says: terminated.message?.trim() ?? "" };
    }
    const names: string[] = spec.containers.map(({ name }: KubeObject) => name);
    if (names.every((name) => ends[name])) return ends;
    ran ||= states.some(([, { running }]) => running);
    if (status.reason === "DeadlineExceeded" && (ran || Object.keys(ends).length > 0)) {
      for (const name of names) ends[name] ??= { code: 124, says: "it waited until its deadline" };
      return ends;
    }
    const { reason, message = "" } = states.find(([, { waiting }]) => waiting)?.[1].waiting ?? {};
    // No patience helps a name that is wrong.
    if (["ErrImagePull", "ImagePullBackOff", "InvalidImageName"].includes(reason))
      throw new Error(`${reason}: ${message}`);
    waits =
      [reason, message].filter(Boolean).join(": ") ||
      status.conditions?.find(({ status }: KubeObject) => status === "False")?.message ||
      waits;
    await sleep(1000);
  }
  throw new Error(`it did not end within ${patience / 1000} s: ${waits}`);
}

/** Whether the image can be pulled and runs, and whether policies keep a pod out that they must. */
export const judgeTrials = (network: Network, { image, allowed, policy }: TrialFacts): Verdict[] => [
  judgeImage(network, image),
  judgePolicy(network, allowed, policy),
];

function judgeImage(network: Network, fact: Fact<Ended>): Verdict {
  const reference = imageReference(imageOf(network));
  const remedy = "See that the machines may pull from the registry, and that the tag or digest is there.";
  if ("unknown" in fact) return error("image", `${reference} does not run: ${fact.unknown}`, remedy);
  if (fact.value.code === 0) return ok("image", `${reference} can be pulled, and runs`);
  return error("image", `${reference} runs no mezod: it ended with ${fact.value.code} ${fact.value.says}`, remedy);
}

function judgePolicy({ gke }: Network, allowed: Fact<Ended> | undefined, fact: Fact<Ended> | undefined): Verdict {
  const about = "policies";
  if (!fact || !allowed)
    return warning(about, "were not tried: no validator is ready that could be asked", "Try again when one is.");
  if ("unknown" in fact) return warning(about, `were not tried: ${fact.unknown}`, "Try again.");
  if (fact.value.code !== 0) {
    // A pod that nobody keeps out must get through, or the other's silence proves nothing.
    const unproven = "unknown" in allowed ? allowed.unknown : allowed.value.code !== 0 ? allowed.value.says : undefined;
    if (unproven !== undefined) {
      const says = `were not tried: a pod that may reach a validator's rpc does not reach it either (${unproven})`;
      return warning(about, says, "See whether the policies mezo-node and mezo-gate are applied, and try again.");
    }
    return ok(about, "kept a pod from a validator's rpc that must not reach it");
  }
  const says = "let a pod reach a validator's rpc that must not: the cluster enforces none";
  const remedy = "Switch on Dataplane V2 or network policy enforcement: docs/security.md, What is exposed.";
  return (gke?.networkPolicies === "ignored" ? warning : error)(about, says, remedy);
}
