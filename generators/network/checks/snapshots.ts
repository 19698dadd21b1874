import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { greatestGap, podOf, snapshotDriver } from "../snapshots.ts";
import { inMaintenance, isPaused } from "../validators.ts";
import { type Check, repeated } from "./check.ts";

/** The volumes are there, each once, and somebody writes them. */
function* volumes(network: Network): Iterable<Problem> {
  const { rpcNodes, snapshots, validators } = network;
  const all = snapshots?.of ?? [];
  for (const [position] of repeated(all.map((volume) => podOf(network, volume)))) {
    yield { path: ["snapshots", "of", position], value: all[position], message: "is listed twice" };
  }
  const indexes = validators.map(({ index }) => index);
  for (const [position, volume] of all.entries()) {
    const path = ["snapshots", "of", position];
    if ("rpcNode" in volume) {
      const value = volume.rpcNode;
      if (value < (rpcNodes?.replicas ?? 0)) continue;
      const message = rpcNodes
        ? `must be less than ${rpcNodes.replicas}, which is rpcNodes.replicas: RPC nodes count from 0`
        : "must be left out: the network has no rpcNodes";
      yield { path: [...path, "rpcNode"], value, message };
      continue;
    }
    const value = volume.validator;
    const field = isPaused(network, value) ? "paused" : inMaintenance(network, value) ? "maintenance" : undefined;
    if (!indexes.includes(value)) {
      const message = `must be the index of a validator: ${indexes.join(", ")}`;
      yield { path: [...path, "validator"], value, message };
    } else if (field) {
      const message = `is in \`${field}\`: no node writes that volume now, and each copy of it would take the place of an earlier one; leave it out until the validator runs again`;
      yield { path: [...path, "validator"], value, message };
    }
  }
}

function* schedule({ snapshots }: Network): Iterable<Problem> {
  if (!snapshots) return;
  const path = ["snapshots", "schedule"];
  const value = snapshots.schedule;
  try {
    if (greatestGap(value) !== undefined) return;
    yield { path, value, message: "must name a day that comes again: it never does" };
  } catch (error) {
    const says = (error as Error).message.replace(/^CronPattern: /, "");
    yield { path, value, message: `must be a schedule of cron, such as "0 3 * * *": ${says}` };
  }
}

function* driver(network: Network): Iterable<Problem> {
  if (!network.snapshots || snapshotDriver(network)) return;
  const message =
    "is missing: without gke nobody knows the CSI driver of the volumes; `kubectl get storageclass` shows it as PROVISIONER";
  yield { path: ["snapshots", "driver"], value: undefined, message };
}

export const snapshotChecks: Check[] = [volumes, schedule, driver];
