import { z } from "zod";
import { crossChecks } from "./checks.ts";
import { NetworkError, type Problem, valueAt } from "./problem.ts";

/** Ports a node listens on, by the name they carry in every manifest. Defaults are the chain's own. */
export const portNames = [
  "p2p",
  "rpc",
  "api",
  "grpc",
  "json-rpc",
  "json-rpc-ws",
  "metrics",
  "evm-metrics",
] as const satisfies readonly string[];

/** Ports that a validator's own Service may offer; metrics never leave the cluster. */
export const exposablePorts = ["p2p", "rpc", "api", "grpc", "json-rpc", "json-rpc-ws"] as const;

/** A schema that names the keys it knows when it meets one it does not. */
const strict = <T extends z.core.$ZodLooseShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown key; the keys here are ${Object.keys(shape).join(", ")}`
        : undefined,
  });

const text = (pattern: RegExp, expected: string) =>
  z.string(`must be ${expected}`).regex(pattern, `must be ${expected}`);

// RFC 1123, as the API server checks names. App names stay short: a pod's controller-revision-hash label appends to them.
const dnsLabel = text(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, "a DNS label: a-z, 0-9 and '-', 63 characters at most");
const shortLabel = text(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/, "a DNS label of 30 characters at most: a-z, 0-9 and '-'");
const dnsName = text(
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
  "a DNS name such as mezo-node-0.test.mezo.org, in lower case",
);
const port = z.int("must be a port number").min(1, "must be 1 to 65535").max(65535, "must be 1 to 65535");
const count = z.int("must be a whole number").min(1, "must be 1 or more");
const quantity = text(
  /^[1-9]\d*(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
  'a Kubernetes quantity such as "2", "250m" or "16Gi"',
);
const bytes = text(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, 'a quantity in binary units such as "100Gi"');
const amount = text(/^(0|[1-9]\d*)$/, 'a whole number in the smallest unit, as a string: "1000000000000000000000"');
const hex20 = (what: string) => text(/^[0-9a-f]{40}$/, `${what}: 40 lower-case hex characters`);
const cloudName = text(
  /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a name of the cloud: a-z, 0-9 and '-', 63 characters at most",
);

const validator = strict({
  index: z.int("must be a whole number").min(0, "must be 0 or more"),
  moniker: dnsLabel,
  nodeId: hex20("a node id (first 20 bytes of SHA-256 of the node's public key)"),
  accountAddress: hex20("an account address"),
  keyringFile: text(/^[0-9a-f]{40}\.address$/, "the keyring's file name: <account address>.address"),
  consensusPubKey: text(/^[A-Za-z0-9+/]{43}=$/, "the consensus key's ed25519 public half: 32 bytes in base64"),
  host: dnsName,
});

const genesisAccount = strict({ name: dnsLabel, accountAddress: hex20("an account address") });

/** Values that a composed genesis takes from the network; genesis.ts holds the modules' defaults. */
const composedGenesis = strict({
  kind: z.literal("composed"),
  appVersion: z.string().min(1, "must be the version of mezod that made the genesis"),
  time: z.iso.datetime("must be an RFC 3339 time in UTC, such as 2024-10-30T10:44:18Z"),
  balance: amount,
  accounts: z.array(genesisAccount).default([]),
  params: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  consensus: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** A genesis made by the chain's own tools, generators/networks/<name>/genesis.json, used byte for byte. */
const fileGenesis = strict({ kind: z.literal("file") });

const toml = z.record(z.string(), z.unknown()).default({});

const endpoint = strict({ address: cloudName, certificate: cloudName });

const gke = strict({
  project: cloudName,
  cluster: cloudName,
  region: cloudName,
  /** The oldest version that the cluster may have. */
  version: text(/^1\.\d{1,2}$/, "a version of GKE such as 1.29"),
  nodeAddress: text(
    /^[a-z][-a-z0-9]*\{index\}[-a-z0-9]*$/,
    "the name of a validator's static IP with {index} in it: mezo-staging-node-{index}-external-ip",
  ),
  jsonRpc: endpoint,
  jsonRpcWs: endpoint,
});

const argocd = strict({
  namespace: dnsLabel.default("argocd"),
  repoURL: text(/^(https:\/\/|http:\/\/|ssh:\/\/|git@|file:\/\/)\S+$/, "the URL of this repository"),
  revision: z.string().min(1, "must be a branch, such as main").default("main"),
});

const release = {
  tag: text(/^[\w][\w.-]{0,127}$/, "an image tag").optional(),
  digest: text(/^sha256:[0-9a-f]{64}$/, "an image digest: sha256:<64 hex characters>").optional(),
};

/** Another release for some validators first; the others run the network's image. */
const stagedUpgrade = strict({
  ...release,
  validators: z.array(z.int("must be a validator's index").min(0, "must be 0 or more")).min(1, "must name a validator"),
});

const exception = strict({
  rule: text(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a rule's name, as `pnpm validate --list` has it"),
  object: text(/^[A-Z][A-Za-z]*\/[a-z0-9.-]+$/, "an object such as StatefulSet/mezo-node-0").optional(),
  reason: z.string("must be a sentence").trim().min(10, "must say in a sentence why the network may do so"),
});

const schema = strict({
  name: dnsLabel,
  app: shortLabel,
  namespace: dnsLabel,
  lifecycle: z.enum(["adopted", "new"], 'must be "adopted" (its objects run already) or "new"'),
  chain: strict({
    id: text(
      /^[a-z][a-z0-9]*_[1-9]\d*-[1-9]\d*$/,
      "an EVM chain id of the form <name>_<EVM chain id>-<epoch>: mezo_31611-1",
    ),
    denom: text(/^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/, "a coin denomination such as abtc"),
    bech32Prefix: text(/^[a-z]{1,20}$/, "a bech32 prefix of lower-case letters"),
  }),
  image: strict({
    repository: text(/^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?$/, "an image name without tag or digest"),
    ...release,
  }),
  stagedUpgrade: stagedUpgrade.optional(),
  genesis: z.discriminatedUnion("kind", [composedGenesis, fileGenesis], 'must be "composed" or "file"'),
  validators: z.array(validator).min(1, "must hold at least one validator"),
  /** How many of the validators run, the first ones; all of them unless said. */
  size: count.optional(),
  ports: strict({
    p2p: port.default(26656),
    rpc: port.default(26657),
    api: port.default(1317),
    grpc: port.default(9090),
    "json-rpc": port.default(8545),
    "json-rpc-ws": port.default(8546),
    metrics: port.default(26660),
    "evm-metrics": port.default(6065),
  }).prefault({}),
  expose: z.array(z.enum(exposablePorts, `must be one of ${exposablePorts.join(", ")}`)).default(["p2p"]),
  peering: z.enum(["hosts", "services"], 'must be "hosts" (public DNS names) or "services" (names inside the cluster)'),
  rollout: z.union(
    [z.literal("one-at-a-time"), z.literal("all-at-once"), strict({ batch: count })],
    'must be "one-at-a-time", "all-at-once" or { batch: <number of validators> }',
  ),
  spread: z.enum(["required", "preferred"], 'must be "required" (never two on one machine) or "preferred"'),
  resources: strict({ cpu: quantity, memory: bytes, memoryLimit: bytes }),
  storage: strict({
    size: bytes,
    className: dnsLabel.optional(),
    accessMode: z.enum(["ReadWriteOnce", "ReadWriteOncePod"], 'must be "ReadWriteOnce" or "ReadWriteOncePod"'),
  }),
  ethereumSidecar: strict({
    port: port.default(7500),
    ethereumPorts: z.array(port).min(1, "must name the port of the Ethereum node's ws or wss URL").default([443]),
    resources: strict({ cpu: quantity, memory: bytes, memoryLimit: bytes }),
  }),
  settings: strict({ app: toml, client: toml, config: toml }).prefault({}),
  monitoring: strict({ namespace: dnsLabel }).optional(),
  gke: gke.optional(),
  argocd: argocd.optional(),
  /** Rules that may find something, each with the reason, which every `pnpm validate` shows. */
  exceptions: z.array(exception).default([]),
});

/** What a person writes in generators/networks/<name>.ts. */
export type NetworkInput = z.input<typeof schema>;
/** A network that passed every check, defaults filled in. */
export type Network = z.output<typeof schema>;
export type Validator = Network["validators"][number];
export type PortName = (typeof portNames)[number];

/**
 * The one way to make a network: checks the declaration as a whole.
 *
 * @throws {NetworkError} with every problem found, each with field, value and what would be right.
 */
export function defineNetwork(input: NetworkInput): Network {
  const parsed = schema.safeParse(input, { error: expected });
  const name = typeof input?.name === "string" ? input.name : "?";
  if (!parsed.success)
    throw new NetworkError(
      name,
      parsed.error.issues.flatMap((issue) => problems(issue, input)),
    );
  const network = { ...parsed.data, validators: parsed.data.validators.slice(0, parsed.data.size) };
  const found = crossChecks(network);
  if (found.length > 0) throw new NetworkError(name, found);
  defined.add(network);
  return network;
}

const defined = new WeakSet<object>();

/** Whether `defineNetwork` made it. */
export const isDefined = (value: object): boolean => defined.has(value);

function problems(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((path) => {
    const value = valueAt(input, path);
    return { path, value, message: value === undefined ? "is missing" : issue.message };
  });
}

/** Says what is right where a field's own schema does not. */
const expected: z.core.$ZodErrorMap = (issue) =>
  issue.code === "invalid_type"
    ? `must be ${issue.expected === "array" ? "a list" : `of type ${issue.expected}`}`
    : undefined;
