import { nodeName } from "../names.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";

function* size({ size, validators }: Network): Iterable<Problem> {
  if (size === undefined || size <= validators.length) return;
  const message = `must be at most ${validators.length}, the number of validators in validators.json; \`pnpm run import\` adds more`;
  yield { path: ["size"], value: size, message };
}

/** Indexes count from 0. Only a validator that has left leaves a gap, and its index is never used again. */
function* indexes({ validators, retired }: Network): Iterable<Problem> {
  let expected = 0;
  for (const [position, { index }] of validators.entries()) {
    while (retired.includes(expected)) expected++;
    if (index !== expected) {
      const message = retired.includes(index)
        ? "is an index of `retired`: a validator that has left never comes back under its index"
        : `must be ${expected}: indexes count from 0, with gaps only for validators in \`retired\``;
      yield { path: ["validators", position, "index"], value: index, message };
    }
    expected++;
  }
}

/** The fields that name validators by index. */
function* named(network: Network): Iterable<Problem> {
  const { validators, bootstrap, ethereumSidecar, maintenance, paused, perValidator, rollout, stateSync } = network;
  const indexes = validators.map(({ index }) => index);
  const lists: [path: PropertyKey[], values: number[], suffix: PropertyKey[]][] = [
    [["bootstrap"], bootstrap, []],
    [["stateSync", "validators"], stateSync?.validators ?? [], []],
    [["ethereumSidecar", "bridge"], ethereumSidecar.bridge ?? [], []],
    [["paused"], paused.map(({ validator }) => validator), ["validator"]],
    [["maintenance"], maintenance.map(({ validator }) => validator), ["validator"]],
    [["perValidator"], perValidator.map(({ validator }) => validator), ["validator"]],
    [["rollout", "order"], typeof rollout === "string" ? [] : rollout.order, []],
  ];
  for (const [path, values, suffix] of lists) {
    for (const [position] of repeated(values)) {
      yield { path: [...path, position, ...suffix], value: values[position], message: "is listed twice" };
    }
    for (const [position, value] of values.entries()) {
      if (indexes.includes(value)) continue;
      const message = `must be the index of a validator: ${indexes.join(", ")}`;
      yield { path: [...path, position, ...suffix], value, message };
    }
  }
}

function* idle({ maintenance, paused }: Network): Iterable<Problem> {
  for (const [position, { validator }] of maintenance.entries()) {
    if (!paused.some((each) => each.validator === validator)) continue;
    const message =
      "is in `paused`, too: a validator that is paused has no pod, and one in maintenance a pod that sleeps";
    yield { path: ["maintenance", position, "validator"], value: validator, message };
  }
}

function* monikers(network: Network): Iterable<Problem> {
  for (const [position, { index, moniker }] of network.validators.entries()) {
    const name = nodeName(network, index);
    if (moniker === name) continue;
    const message = `must be ${name}, the name of its objects and key files`;
    yield { path: ["validators", position, "moniker"], value: moniker, message };
  }
}

function* keyringFiles({ validators }: Network): Iterable<Problem> {
  for (const [position, { keyringFile, accountAddress }] of validators.entries()) {
    if (keyringFile === `${accountAddress}.address`) continue;
    const message = `must be ${accountAddress}.address, after its account`;
    yield { path: ["validators", position, "keyringFile"], value: keyringFile, message };
  }
}

function* consensusKeys({ validators }: Network): Iterable<Problem> {
  for (const [position, { consensusPubKey: value }] of validators.entries()) {
    if (Buffer.from(value, "base64").toString("base64") === value) continue;
    yield { path: ["validators", position, "consensusPubKey"], value, message: "is not canonical base64 of 32 bytes" };
  }
}

/** What every validator has for itself, and why. */
const own = {
  nodeId: "two nodes with one identity drop each other's peers",
  accountAddress: "each validator has its own operator",
  consensusPubKey: "one key in two validators signs twice",
  host: "each validator has its own address",
  address: "each validator has its own address",
};

function* duplicates({ validators }: Network): Iterable<Problem> {
  for (const [field, reason] of Object.entries(own) as [keyof typeof own, string][]) {
    const values = validators.map((validator) => validator[field]);
    for (const [position, first] of repeated(values)) {
      if (values[position] === undefined) continue;
      const message = `is already validators[${first}].${field}: ${reason}`;
      yield { path: ["validators", position, field], value: values[position], message };
    }
  }
}

// Where the chain's own script was run without the hosts that others use, its seeds lead back to each node itself.
const loopback = /^(127\.|0\.0\.0\.0$)|(^|\.)localhost(\.localdomain)?$/;

/** Whether a host is the machine that asks. */
export const isLoopback = (host: string) => loopback.test(host);

function* loopbacks({ validators }: Network): Iterable<Problem> {
  for (const [position, validator] of validators.entries()) {
    for (const field of ["host", "address"] as const) {
      const value = validator[field];
      if (value === undefined || !isLoopback(value)) continue;
      const message =
        "leads every node back to itself; it must lead others to this one (seeds.txt, where it is imported)";
      yield { path: ["validators", position, field], value, message };
    }
  }
}

export const validatorChecks: Check[] = [
  size,
  indexes,
  named,
  idle,
  monikers,
  keyringFiles,
  consensusKeys,
  duplicates,
  loopbacks,
];
