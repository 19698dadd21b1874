import { createHash } from "node:crypto";
import type { Job } from "kubernetes-types/batch/v1.js";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { ownFiles } from "../mezod/node-files.ts";
import { stillSeconds } from "../mezod/pace.ts";
import { gateLabels, gateName, imageName } from "../network/names.ts";
import { imageOf } from "../network/release.ts";
import { batches, inWave, wavesOf } from "../network/rollout.ts";
import type { Network, Validator } from "../network/schema.ts";
import type { Checksums } from "../network/seal-lock.ts";
import { down, hostAndSigner, inMaintenance, running, sample } from "../network/validators.ts";
import type { Files } from "../tree.ts";
import { kustomization } from "./kustomization.ts";
import { gatePolicy } from "./network-policies.ts";
import { scriptFiles } from "./scripts/files.ts";
import { clientResources, restrictedContainer, restrictedPod } from "./security.ts";
import { validatorBase } from "./validator/base.ts";
import { maintenancePatch } from "./validator/maintenance.ts";
import { commonStatefulSet, validatorOverlay } from "./validator/overlay.ts";
import { scriptsFolder, scriptsMount, scriptsVolume, tmpMount } from "./validator/volumes.ts";

// Time for the batch before to sign again. A gate that gives up fails the sync, and its retry takes the newest commit.
const patienceSeconds = 300;

/**
 * overlays/<network>/gates: before each batch of validators a Job that asks the chain whether it can spare them, and
 * behind it a ConfigMap that says what was rolled out, so that a batch of which nothing changes needs no answer.
 */
export function gatesOverlay(network: Network, config: Files, checksums: Checksums): Files {
  const shared = [config, scriptFiles(network), commonStatefulSet(network), imageOf(network), network.stagedUpgrade];
  // A genesis of many validators is long, so what all batches share is digested once.
  const digest = createHash("sha256").update(`[${JSON.stringify(shared)},`);
  const rollout = { all: batches(network), sampled: sample(running(network)) };
  const files = rollout.all.flatMap((batch, position) => {
    const validators = batch.map((index) => validatorAt(network, index));
    const own = validators.map((each) =>
      [
        validatorBase(network, each.index),
        validatorOverlay(network, each, checksums),
        ownFiles(network, each.index),
        inMaintenance(network, each.index) ? maintenancePatch(network) : undefined,
      ].filter((files) => files !== undefined),
    );
    const fingerprint = digest
      .copy()
      .update(`${JSON.stringify(own)}]`)
      .digest("hex");
    return [
      [`job-${position + 1}.yaml`, gateJob(network, rollout, position, fingerprint)],
      [`done-${position + 1}.yaml`, done(network, position, fingerprint)],
    ] as const;
  });
  return {
    "kustomization.yaml": kustomization({ resources: ["networkpolicy.yaml", ...files.map(([file]) => file)] }),
    "networkpolicy.yaml": gatePolicy(network),
    ...Object.fromEntries(files),
  };
}

const validatorAt = ({ validators }: Network, index: number) =>
  validators.find((each) => each.index === index) as Validator;

/** What the gates of a network have in common. */
interface Rollout {
  all: readonly number[][];
  /** Some of the validators that run, whom every gate asks. */
  sampled: readonly Validator[];
}

function gateJob(network: Network, rollout: Rollout, position: number, fingerprint: string): Job {
  const name = gateName(network, position + 1);
  const labels = gateLabels(network);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      labels,
      annotations: {
        ...inWave(wavesOf(position).gate),
        "argocd.argoproj.io/hook": "Sync",
        // A gate that failed stays until the next one, so that a person can read what it said.
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
      },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: 2 * patienceSeconds,
      template: {
        metadata: { labels },
        spec: {
          ...restrictedPod,
          restartPolicy: "Never",
          containers: [
            {
              name: "gate",
              image: imageName(network),
              command: ["/bin/sh", `${scriptsFolder}/gate.sh`],
              env: environment(network, rollout, position, fingerprint),
              resources: clientResources,
              securityContext: restrictedContainer,
              volumeMounts: [{ name: "done", mountPath: "/done", readOnly: true }, scriptsMount, tmpMount],
            },
          ],
          volumes: [
            { name: "done", configMap: { name: doneName(network, position), optional: true } },
            scriptsVolume(network),
            { name: "tmp", emptyDir: {} },
          ],
        },
      },
    },
  };
}

function environment(network: Network, { all, sampled }: Rollout, position: number, fingerprint: string) {
  const words = (indexes: readonly number[] = []) =>
    indexes.map((index) => hostAndSigner(network, validatorAt(network, index))).join(" ");
  const out = down(network);
  const before = (all[position - 1] ?? []).filter((index) => !out.includes(index));
  const asked = [...new Set([...sampled, ...before.map((index) => validatorAt(network, index))])];
  const values = {
    HOME: "/tmp",
    CHAIN_ID: network.chain.id,
    VALIDATORS: words(asked.map(({ index }) => index).sort((a, b) => a - b)),
    BATCH: words(all[position]),
    BEFORE: words(before),
    PAUSED: words(out),
    DONE: fingerprint,
    NEW: network.lifecycle === "new" ? "yes" : "no",
    STILL_SECONDS: String(stillSeconds(network)),
    PATIENCE_SECONDS: String(Math.max(patienceSeconds, 2 * stillSeconds(network))),
  };
  // The API server keeps no empty value.
  return Object.entries(values).map(([name, value]) => (value === "" ? { name } : { name, value }));
}

const done = (network: Network, position: number, fingerprint: string): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: doneName(network, position),
    labels: gateLabels(network),
    annotations: inWave(wavesOf(position).done),
  },
  data: { fingerprint },
});

const doneName = (network: Network, position: number) => `${gateName(network, position + 1)}-done`;
