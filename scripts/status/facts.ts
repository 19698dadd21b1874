import type { KeylessKind } from "generators/network/keyless.ts";
import type { Fact } from "../lib/cluster/api.ts";

/** All that is asked of a cluster for a network's status. Times are in milliseconds since 1970. */
export interface StatusFacts {
  context: string;
  now: number;
  /** Missing where Argo CD does not deploy the network. */
  argocd?: Fact<ArgocdFacts>;
  /** The pods of gates that have not ended. */
  gates: PodFacts[];
  validators: ValidatorFacts[];
  /** RPC nodes and seeds. */
  keyless: KeylessFacts[];
  /** What the validator that is furthest says of the chain. */
  chain: Fact<ChainFacts>;
  jsonRpc: JsonRpcFacts;
  /** Missing where nobody makes any. */
  snapshots?: Fact<SnapshotFacts[]>;
}

/** Of the volume that a pod writes. */
export interface SnapshotFacts {
  pod: string;
  /** When the newest one that can be used was made; missing where there is none. */
  newest?: number;
}

/** Argo CD's Application. */
export interface ArgocdFacts {
  exists: boolean;
  isAutomated: boolean;
  sync: string;
  health: string;
  /** The commit that the cluster was last compared with. */
  commit: string;
  /** Of the last sync, or of the one that goes on. */
  phase?: string;
  message?: string;
  started?: number;
  /** Type and message of each. */
  conditions: { type: string; message: string }[];
}

export interface ValidatorFacts {
  index: number;
  /** Missing where it has no pod. */
  pod?: PodFacts;
  /** What its node answers. */
  node: Fact<NodeFacts>;
  /** How full its volume is, in bytes. */
  disk: Fact<{ used: number; capacity: number }>;
}

/** A node without a key. */
export interface KeylessFacts extends Omit<ValidatorFacts, "index"> {
  /** The name of its pod. */
  name: string;
  kind: KeylessKind;
}

export interface PodFacts {
  name: string;
  machine?: string;
  phase: string;
  isReady: boolean;
  isGoing: boolean;
  /** When it became ready, or stopped to be. */
  since: number;
  /** Why it does not run or is not ready, in Kubernetes' words. */
  reason?: string;
  image: string;
  /** The release that it holds beside its own, for a planned upgrade. */
  nextImage?: string;
  restarts: number;
  /** How the container ended before it was restarted. */
  lastEnd?: { reason: string; at: number };
}

/** What a node says of itself. */
export interface NodeFacts {
  height: number;
  time: number;
  isCatchingUp: boolean;
  peers: number;
}

export interface ChainFacts {
  height: number;
  /** When the newest block was made. */
  time: number;
  /** The average time between blocks; 0 where there are too few. */
  blockSeconds: number;
  /** The newest commits, each with those who signed, by address in hex, and how many were to. */
  commits: { height: number; signed: string[]; all: number }[];
  /** Who is to sign, by address in hex: a commit does not say who was absent. */
  members: string[];
  /** The upgrade that the chain itself has planned; or why that is not known. */
  plan: Fact<{ name: string; height: number } | undefined>;
}

export interface JsonRpcFacts {
  /** Where it was asked: a public address, or a pod. */
  at: string;
  isPublic: boolean;
  height: Fact<number>;
}
