import { signerAddress } from "generators/mezod/address.ts";
import type { Network } from "generators/network/schema.ts";
import type { StatusFacts, ValidatorFacts } from "scripts/status/facts.ts";
import { local } from "../networks.ts";

export const now = Date.parse("2026-11-27T11:00:00Z");
const image = "mezo-node:v0.2.0-rc3";

/** The network `local` as Argo CD deploys it. */
export const network: Network = {
  ...local,
  argocd: { namespace: "argocd", repoURL: "https://example.org/mezo.git", revision: "main" },
};

/** The address with which a validator signs, in hex as CometBFT has it. */
export const signer = (index: number): string => {
  const key = network.validators[index]?.consensusPubKey ?? "";
  return Buffer.from(signerAddress(key), "base64").toString("hex").toUpperCase();
};

const signers = network.validators.map(({ index }) => signer(index));

const validator = (index: number): ValidatorFacts => ({
  index,
  pod: {
    name: `mezo-node-${index}-0`,
    machine: `machine-${index}`,
    phase: "Running",
    isReady: true,
    isGoing: false,
    since: now - 3_600_000,
    image,
    restarts: 0,
  },
  node: { value: { height: 1000, time: now - 2000, isCatchingUp: false, peers: 4 } },
  disk: { value: { used: 40, capacity: 100 } },
});

/** A network in which nothing needs a person, for a test to change. */
export const healthy = (): StatusFacts => ({
  context: "mine",
  now,
  argocd: {
    value: {
      exists: true,
      isAutomated: true,
      sync: "Synced",
      health: "Healthy",
      commit: "239d02212345",
      phase: "Succeeded",
      message: "successfully synced (all tasks run)",
      started: now - 60_000,
      conditions: [],
    },
  },
  gates: [],
  validators: [0, 1, 2, 3, 4].map(validator),
  keyless: [],
  chain: {
    value: {
      height: 1000,
      time: now - 2000,
      blockSeconds: 3,
      commits: [999, 998, 997].map((height) => ({ height, signed: [...signers], all: 5 })),
      members: [...signers],
      plan: { value: undefined },
    },
  },
  jsonRpc: { at: "mezo-node-0-0", isPublic: false, height: { value: 1000 } },
});
