import { nodeName } from "../names.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";

function* size({ size, validators }: Network): Iterable<Problem> {
  if (size === undefined || size <= validators.length) return;
  const message = `must be at most ${validators.length}, the number of validators in validators.json; \`pnpm run import\` adds more`;
  yield { path: ["size"], value: size, message };
}

function* indexes({ validators }: Network): Iterable<Problem> {
  for (const [position, { index }] of validators.entries()) {
    if (index === position) continue;
    const message = `must be ${position}: indexes count from 0 without a gap`;
    yield { path: ["validators", position, "index"], value: index, message };
  }
}

function* monikers(network: Network): Iterable<Problem> {
  for (const [position, { moniker }] of network.validators.entries()) {
    const name = nodeName(network, position);
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
};

function* duplicates({ validators }: Network): Iterable<Problem> {
  for (const [field, reason] of Object.entries(own) as [keyof typeof own, string][]) {
    const values = validators.map((validator) => validator[field]);
    for (const [position, first] of repeated(values)) {
      const message = `is already validators[${first}].${field}: ${reason}`;
      yield { path: ["validators", position, field], value: values[position], message };
    }
  }
}

export const validatorChecks: Check[] = [size, indexes, monikers, keyringFiles, consensusKeys, duplicates];
