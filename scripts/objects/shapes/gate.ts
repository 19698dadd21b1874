import { stillSeconds } from "generators/mezod/pace.ts";
import { gateLabels, gateName } from "generators/network/names.ts";
import { batches, inWave, wavesOf } from "generators/network/rollout.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { down, hostAndSigner, running, sample } from "generators/network/validators.ts";
import { listed, type Shape, text } from "../shape.ts";
import { clientResources, networkImage, restrictedContainer, restrictedPod, script, scripts, tmp } from "./pod.ts";

// In seconds.
const patience = 300;

const fingerprint = text(/^[0-9a-f]{64}$/, "a SHA-256 in hex");

/** The name of the ConfigMap that says that a batch is rolled out. */
export const doneName = (network: Network, position: number) => `${gateName(network, position + 1)}-done`;

/** That ConfigMap. */
export const doneShape = (network: Network, position: number): Shape => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: doneName(network, position),
    namespace: network.namespace,
    labels: gateLabels(network),
    annotations: inWave(wavesOf(position).done),
  },
  data: { fingerprint },
});

/**
 * The gate before the batch at a position: a hook of Argo CD that a sync runs anew, and that a person can read afterwards.
 *
 * @param done the fingerprint that the batch has once it is rolled out.
 */
export const gateShape = (network: Network, position: number, done?: string): Shape => {
  const labels = gateLabels(network);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: gateName(network, position + 1),
      namespace: network.namespace,
      labels,
      annotations: {
        ...inWave(wavesOf(position).gate),
        "argocd.argoproj.io/hook": "Sync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 2 * patience,
      template: { metadata: { labels }, spec: pod(network, position, done ?? fingerprint) },
    },
  };
};

const pod = (network: Network, position: number, done: Shape): Shape => ({
  ...restrictedPod,
  restartPolicy: "Never",
  containers: [
    {
      name: "gate",
      image: networkImage(network),
      command: script("gate.sh"),
      env: listed("name", environment(network, position, done)),
      resources: clientResources,
      securityContext: restrictedContainer,
      volumeMounts: listed("name", [
        { name: "done", mountPath: "/done", readOnly: true },
        scripts(network).mount,
        tmp.mount,
      ]),
    },
  ],
  volumes: listed("name", [
    { name: "done", configMap: { name: doneName(network, position), optional: true } },
    scripts(network).volume,
    tmp.volume,
  ]),
});

/** What the gate is told: whom it asks, who restarts, and who must sign again before. */
function environment(network: Network, position: number, done: Shape) {
  const all = batches(network);
  const before = (all[position - 1] ?? []).filter((index) => !down(network).includes(index));
  const up = running(network);
  const asked = up.filter((each) => sample(up).includes(each) || before.includes(each.index));
  const words = (validators: readonly (Validator | undefined)[]) =>
    validators.map((each) => each && hostAndSigner(network, each)).join(" ");
  const at = (index: number) => network.validators.find((each) => each.index === index);
  const still = stillSeconds(network);
  const named = (name: string, value: string) => (value === "" ? { name } : { name, value });
  return [
    { name: "HOME", value: "/tmp" },
    { name: "CHAIN_ID", value: network.chain.id },
    named("VALIDATORS", words(asked)),
    { name: "BATCH", value: words((all[position] ?? []).map(at)) },
    named("BEFORE", words(before.map(at))),
    named("PAUSED", words(down(network).map(at))),
    { name: "DONE", value: done },
    { name: "NEW", value: network.lifecycle === "new" ? "yes" : "no" },
    { name: "STILL_SECONDS", value: String(still) },
    { name: "PATIENCE_SECONDS", value: String(Math.max(patience, 2 * still)) },
  ];
}
