import * as v from "valibot";
import { accepted } from "./accepted-risks.ts";
import { destination } from "./destination.ts";
import { gke } from "./gke-schema.ts";
import { jsonRpcServedBy, rpcNodes, seedNodes } from "./keyless-schema.ts";
import { monitoring } from "./monitoring-schema.ts";
import { peers } from "./peers.ts";
import { clients, expose, type portNames, ports } from "./ports.ts";
import { emergency, release, stagedUpgrade, upgrade } from "./release-schema.ts";
import { sealing } from "./sealing.ts";
import { connectSidecar, ethereumSidecar } from "./sidecar-schema.ts";
import { snapshots } from "./snapshots-schema.ts";
import { stateSync } from "./state-sync.ts";
import { asObject, keys, reason, strict, table, text } from "./strict-schema.ts";
import { ownValues, settings, storage } from "./validator-values.ts";
import {
  bytes,
  count,
  dnsLabel,
  dnsName,
  hex20,
  imageRepository,
  index,
  ipAddress,
  quantity,
  whole,
} from "./values.ts";

// An app's name is short, because a pod's controller-revision-hash label appends to it.
const shortLabel = text(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/, "a DNS label: a-z, 0-9 and '-', at most 30 characters");
const filled = (expected: string) => v.pipe(v.string(), v.minLength(1, expected));
const amount = text(/^(0|[1-9]\d*)$/, 'a whole number in the smallest unit, as a string: "1000000000000000000000"');

const validator = strict({
  index: v.pipe(whole("must be a whole number"), v.minValue(0, "must be 0 or more")),
  moniker: dnsLabel,
  nodeId: hex20("a node id (first 20 bytes of SHA-256 of the node's public key)"),
  accountAddress: hex20("an account address"),
  keyringFile: text(/^[0-9a-f]{40}\.address$/, "the name of the keyring's file: <account address>.address"),
  consensusPubKey: text(/^[A-Za-z0-9+/]{43}=$/, "the ed25519 consensus public key: 32 bytes in base64"),
  host: dnsName,
  /** The reserved address that `host` leads to. By it a node knows its own address without asking DNS. */
  address: v.optional(ipAddress),
});

const genesisAccount = strict({ name: dnsLabel, accountAddress: hex20("an account address") });

const rfc3339 = "an RFC 3339 time in UTC, such as 2024-10-30T10:44:18Z";
const utc = v.pipe(
  text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, rfc3339),
  // The date must exist: JavaScript reads 30 February as 1 or 2 March.
  v.check((time) => new Date(time).getUTCDate() === Number(time.slice(8, 10)), `must be ${rfc3339}`),
);

const eitherGenesis = 'must be "composed" or "file"';

/** What a composed genesis takes from the network. The modules' defaults are in generators/mezod/genesis.ts. */
const composedGenesis = keys({
  kind: v.literal("composed"),
  appVersion: filled("must be the version of mezod that composed the genesis"),
  time: utc,
  balance: amount,
  accounts: v.optional(v.array(genesisAccount), []),
  params: v.optional(table(table(v.unknown())), {}),
  consensus: v.optional(table(table(v.unknown())), {}),
});

/** A genesis made by the chain's own tools: generators/networks/<name>/genesis.json, used byte for byte. */
const fileGenesis = keys({ kind: v.literal("file") });

const argocd = strict({
  namespace: v.optional(dnsLabel, "argocd"),
  repoURL: text(/^(https:\/\/|http:\/\/|ssh:\/\/|git@|file:\/\/)\S+$/, "the URL of this repository"),
  revision: v.optional(filled("must be a branch, such as main"), "main"),
  /** Whom Argo CD tells of failed, waiting and finished syncs: a service that is set up there, and a channel of it. */
  notifications: v.optional(
    strict({
      service: dnsLabel,
      recipient: text(/^[^\s;]+$/, "one channel or address of the service, without spaces or ';'"),
    }),
  ),
  /** The cluster that the network lives in. Without it, that of Argo CD. */
  destination: v.optional(destination),
});

/** A finding that the network is allowed: that one alone, because another value of the field has another message. */
const exception = strict({
  rule: text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a rule's name, as `pnpm validate --list` prints it"),
  object: text(/^[A-Z][A-Za-z]*\/[a-z0-9.-]+$/, "an object such as StatefulSet/mezo-node-0"),
  /** Missing where the finding is about the whole object. */
  field: v.optional(v.string("must be the finding's field, as `pnpm validate` prints it"), ""),
  message: filled("must be the finding's message, as `pnpm validate` prints it"),
  reason: reason("must explain in a sentence why the network may break the rule"),
});

/** A validator that must not run for now: its StatefulSet stays, with no pod. */
const paused = strict({
  validator: index,
  reason: reason("must explain in a sentence why the validator must not run"),
});

/** A validator whose pod sleeps on its volume, so that a person can work there: no node runs. */
const maintenance = strict({
  validator: index,
  reason: reason("must explain in a sentence what is done to the validator"),
});

/** A network, field by field. checks/ holds what must be true between fields. */
export const networkSchema = strict({
  name: dnsLabel,
  app: shortLabel,
  namespace: dnsLabel,
  /** "started" is for a new network that has made its first block: from then on no validator starts with an empty volume. */
  lifecycle: v.picklist(
    ["adopted", "new", "started"],
    'must be "adopted" (its objects ran before), "new" or "started" (it was new, and its chain has begun)',
  ),
  chain: strict({
    id: text(
      // The node's own form: no digit in the name, and 48 characters at most.
      /^(?=.{1,48}$)[a-z]+_[1-9]\d*-[1-9]\d*$/,
      "an EVM chain id of the form <a-z>_<EVM chain id>-<epoch>, such as mezo_31611-1, of at most 48 characters",
    ),
    denom: text(/^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/, "a coin denomination such as abtc"),
    bech32Prefix: text(/^[a-z]{1,20}$/, "a bech32 prefix of lower-case letters"),
  }),
  image: strict({
    repository: imageRepository,
    ...release,
  }),
  stagedUpgrade: v.optional(stagedUpgrade),
  /** The next release, declared ahead. `pnpm finish-upgrade` makes it the image. */
  upgrade: v.optional(upgrade),
  emergency: v.optional(emergency),
  genesis: asObject(v.variant("kind", [composedGenesis, fileGenesis], eitherGenesis), eitherGenesis),
  validators: v.pipe(v.array(validator), v.minLength(1, "must hold at least one validator")),
  /** The indexes of validators that have left the network and are in validators.json no more. */
  retired: v.optional(v.array(index), []),
  /** The validators that must not run for now. Every `pnpm validate` shows them. */
  paused: v.optional(v.array(paused), []),
  maintenance: v.optional(v.array(maintenance), []),
  /**
   * The indexes of validators that may start with an empty volume although the chain has started. They sign nothing below
   * the height that the chain has then.
   */
  bootstrap: v.optional(v.array(index), []),
  stateSync: v.optional(stateSync),
  /** How many validators run: the first ones. Without it, all of them. */
  size: v.optional(count),
  ports,
  expose,
  clients,
  peers,
  peering: v.picklist(
    ["hosts", "services"],
    'must be "hosts" (public DNS names) or "services" (names inside the cluster)',
  ),
  rollout: v.union(
    [
      v.literal("one-at-a-time"),
      v.literal("all-at-once"),
      strict({ batch: v.optional(count, 1), order: v.optional(v.array(index), []) }),
    ],
    'must be "one-at-a-time", "all-at-once" or { batch: <number of validators>, order: [<indexes that go first>] }',
  ),
  spread: v.picklist(
    ["required", "preferred"],
    'must be "required" (never two validators on one machine) or "preferred"',
  ),
  /** What a validator's container requests. Its memory is its limit, too. */
  resources: strict({ cpu: quantity, memory: bytes }),
  storage,
  ethereumSidecar,
  connectSidecar: v.optional(connectSidecar),
  settings,
  /** The validators that have other settings, or another volume, than the rest. */
  perValidator: v.optional(v.array(ownValues), []),
  rpcNodes: v.optional(rpcNodes),
  seedNodes: v.optional(seedNodes),
  jsonRpcServedBy,
  /** Without it nobody makes snapshots of volumes. */
  snapshots: v.optional(snapshots),
  /** For whom keys are sealed, and who may seal them. Without it nothing can be sealed. */
  sealing: v.optional(sealing),
  /** Without it nobody collects metrics, and there are no alerts. */
  monitoring: v.optional(monitoring),
  gke: v.optional(gke),
  argocd: v.optional(argocd),
  /** The rules that the network may break, each with a reason, which every `pnpm validate` shows. */
  exceptions: v.optional(v.array(exception), []),
  /** The risks for the chain that pushes may carry for now. */
  accept: v.optional(v.array(accepted), []),
});

/** A network as it is declared, with its validators. */
export type NetworkInput = v.InferInput<typeof networkSchema>;
/** What a person writes in generators/networks/<name>.ts. The validators are in <name>/validators.json beside it. */
export type NetworkDeclaration = Omit<NetworkInput, "validators">;
/** A network that passed every check, with its defaults filled in. */
export type Network = v.InferOutput<typeof networkSchema>;
/** What base/ may know of a network: nothing that differs between two places where it runs. */
export type BaseNetwork = Pick<Network, "app" | "ports">;
export type Validator = Network["validators"][number];
export type PortName = (typeof portNames)[number];
