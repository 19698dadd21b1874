import { appToml, derivedAppKeys } from "../mezod/app-toml.ts";
import { clientToml, derivedClientKeys } from "../mezod/client-toml.ts";
import { configToml, derivedConfigKeys } from "../mezod/config-toml.ts";
import { consensusParams, moduleParams } from "../mezod/genesis.ts";
import { badSettings } from "../mezod/toml.ts";
import { imageName, nodeName } from "./names.ts";
import { type Problem, valueAt } from "./problem.ts";
import { quantityValue } from "./quantity.ts";
import { batchSize, tolerated } from "./rollout.ts";
import type { Network, Validator } from "./schema.ts";

type Check = (network: Network) => Problem[];

/** What one field alone can't show: every problem between the fields of a well-formed network. */
export const crossChecks = (network: Network): Problem[] => checks.flatMap((check) => check(network));

// Tags that a registry moves: the same manifest would start another program tomorrow.
const movingTags = ["latest", "main", "master", "edge", "stable", "nightly", "dev"];

const size: Check = ({ size, validators }) =>
  size === undefined || size === validators.length
    ? []
    : [
        at(
          ["size"],
          size,
          `must be at most ${validators.length}, the validators there are; \`pnpm import\` brings more`,
        ),
      ];

const indexes: Check = ({ validators }) =>
  validators.flatMap(({ index }, position) =>
    index === position
      ? []
      : [at(["validators", position, "index"], index, `must be ${position}: indexes count from 0 without a gap`)],
  );

const monikers: Check = (network) =>
  network.validators.flatMap(({ moniker }, position) => {
    const name = nodeName(network, position);
    return moniker === name
      ? []
      : [at(["validators", position, "moniker"], moniker, `must be ${name}, the name of its objects and key files`)];
  });

const keyringFiles: Check = ({ validators }) =>
  validators.flatMap(({ keyringFile, accountAddress }, position) =>
    keyringFile === `${accountAddress}.address`
      ? []
      : [
          at(
            ["validators", position, "keyringFile"],
            keyringFile,
            `must be ${accountAddress}.address, after its account`,
          ),
        ],
  );

/** A key under two names signs twice; an address or host under two names hides one of them. */
const distinct =
  (field: "nodeId" | "accountAddress" | "consensusPubKey" | "host", why: string): Check =>
  ({ validators }) =>
    repeated(validators.map((validator: Validator) => validator[field])).map(([position, first]) =>
      at(
        ["validators", position, field],
        validators[position]?.[field],
        `is validators[${first}].${field} already: ${why}`,
      ),
    );

const genesisAccounts: Check = ({ genesis, validators }) => {
  if (genesis.kind === "file") return [];
  const holders = [...validators, ...genesis.accounts].map(({ accountAddress }) => accountAddress);
  return repeated(holders)
    .filter(([position]) => position >= validators.length)
    .map(([position]) => {
      const own = position - validators.length;
      return at(["genesis", "accounts", own, "accountAddress"], holders[position], "has an account in genesis already");
    });
};

const genesisParams: Check = ({ genesis, chain, validators }) => {
  if (genesis.kind === "file") return [];
  const own = { params: genesis.params, consensus: genesis.consensus };
  const known = { params: moduleParams(chain), consensus: consensusParams };
  const unknown = Object.entries(own).flatMap(([part, groups]) =>
    badSettings(known[part as keyof typeof known] as never, groups).map(({ path, message }) =>
      at(["genesis", part, ...path], valueAt(groups, path), message.replaceAll("setting", "parameter")),
    ),
  );
  const seats = Number(genesis.params.poa?.max_validators ?? moduleParams(chain).poa?.max_validators);
  if (validators.length <= seats) return unknown;
  const message = `must be at most genesis.params.poa.max_validators (${seats}), or that number raised`;
  return [...unknown, at(["validators", "length"], validators.length, message)];
};

const consensusKeys: Check = ({ validators }) =>
  validators.flatMap(({ consensusPubKey }, position) =>
    Buffer.from(consensusPubKey, "base64").toString("base64") === consensusPubKey
      ? []
      : [at(["validators", position, "consensusPubKey"], consensusPubKey, "is not canonical base64 of 32 bytes")],
  );

const ports: Check = (network) => {
  const names = Object.keys(network.ports) as (keyof Network["ports"])[];
  return repeated(names.map((name) => network.ports[name])).map(([position, first]) => {
    const name = names[position] as (typeof names)[number];
    return at(["ports", name], network.ports[name], `is ports.${names[first]} already: a node listens once on a port`);
  });
};

const exposed: Check = (network) => {
  const { expose, settings } = network;
  const app = settings.app as { api?: { enable?: boolean } };
  const problems = repeated(expose).map(([position]) => at(["expose", position], expose[position], "is listed twice"));
  if (!expose.includes("p2p"))
    problems.push(at(["expose"], expose, 'must hold "p2p": validators dial each other there'));
  if (expose.includes("api") && app.api?.enable !== true) {
    problems.push(
      at(["expose"], expose, 'offers "api", which app.toml turns off: set settings.app.api.enable to true'),
    );
  }
  return problems;
};

const image: Check = ({ image, stagedUpgrade }) => [
  ...badRelease(["image"], image),
  ...(stagedUpgrade ? badRelease(["stagedUpgrade"], stagedUpgrade) : []),
];

function badRelease(path: PropertyKey[], { tag, digest }: Pick<Network["image"], "tag" | "digest">): Problem[] {
  if (tag && movingTags.includes(tag)) {
    return [at([...path, "tag"], tag, "moves: pin a release (v0.2.0-rc3) or a digest")];
  }
  if (tag && digest) {
    return [at(path, { tag, digest }, "must have a tag or a digest, not both: the digest alone decides what runs")];
  }
  return tag || digest ? [] : [at(path, { tag, digest }, "must have a tag or a digest")];
}

const stagedUpgrade: Check = (network) => {
  const { stagedUpgrade: staged, validators, image } = network;
  if (!staged) return [];
  const path = ["stagedUpgrade", "validators"];
  const most = tolerated(validators.length);
  return [
    ...repeated(staged.validators).map(([i]) => at([...path, i], staged.validators[i], "is listed twice")),
    ...staged.validators.flatMap((index, i) =>
      index < validators.length ? [] : [at([...path, i], index, `must be below ${validators.length}`)],
    ),
    ...(staged.validators.length > most
      ? [at(path, staged.validators, `must be at most ${most} of ${validators.length}, which the chain can lose`)]
      : []),
    // Kustomize finds the images to replace by their name.
    ...(image.repository === imageName(network)
      ? [at(["image", "repository"], image.repository, "must have a registry or folder for a staged upgrade")]
      : []),
  ];
};

const quorum: Check = (network) => {
  const { rollout, validators } = network;
  if (typeof rollout === "string") return [];
  const most = Math.max(1, tolerated(validators.length));
  if (batchSize(network) <= most) return [];
  const message = `must be at most ${most}: more than two thirds of ${validators.length} validators must stay up`;
  return [at(["rollout", "batch"], rollout.batch, message)];
};

const volumes: Check = ({ lifecycle, storage }) =>
  lifecycle === "adopted" && storage.accessMode !== "ReadWriteOnce"
    ? [
        at(
          ["storage", "accessMode"],
          storage.accessMode,
          'must be "ReadWriteOnce" on an adopted network: volume claim templates are immutable',
        ),
      ]
    : [];

const memory: Check = (network) =>
  ([[], ["ethereumSidecar"]] as const).flatMap((part) => {
    const { memory, memoryLimit } = valueAt(network, [...part, "resources"]) as Network["resources"];
    return quantityValue(memoryLimit) >= quantityValue(memory)
      ? []
      : [at([...part, "resources", "memoryLimit"], memoryLimit, `must be at least the request, ${memory}`)];
  });

const sidecarPorts: Check = ({ ethereumSidecar }) =>
  repeated(ethereumSidecar.ethereumPorts).map(([position]) =>
    at(["ethereumSidecar", "ethereumPorts", position], ethereumSidecar.ethereumPorts[position], "is listed twice"),
  );

const publicNames: Check = ({ gke, peering }) =>
  gke || peering === "services"
    ? []
    : [at(["peering"], peering, 'must be "services": without gke nothing outside the cluster leads to the validators')];

// overlays/argocd is Argo CD's own.
const reservedName: Check = ({ name }) =>
  name === "argocd" ? [at(["name"], name, "is taken: overlays/argocd holds the Applications")] : [];

const addresses: Check = ({ gke }) =>
  gke && gke.jsonRpc.address === gke.jsonRpcWs.address
    ? [
        at(
          ["gke", "jsonRpcWs", "address"],
          gke.jsonRpcWs.address,
          "is gke.jsonRpc.address already: each Ingress needs its own",
        ),
      ]
    : [];

const settings: Check = (network) => {
  const files = {
    app: { defaults: appToml, derived: derivedAppKeys },
    client: { defaults: clientToml, derived: derivedClientKeys },
    config: { defaults: configToml, derived: derivedConfigKeys },
  };
  return Object.entries(files).flatMap(([file, { defaults, derived }]) => {
    const own = network.settings[file as keyof typeof files];
    const bad = badSettings(defaults(network), own);
    const taken = Object.entries(derived)
      .filter(([key]) => valueAt(own, key.split(".")) !== undefined)
      .map(([key, field]) => ({ path: key.split("."), message: `follows from the network; change ${field}` }));
    return [...bad, ...taken].map(({ path, message }) => at(["settings", file, ...path], valueAt(own, path), message));
  });
};

/** 1 checks nothing and more makes a quick restart panic; the signing state file is what guards against double signing. */
const doubleSignCheck: Check = ({ settings }) => {
  const path = ["settings", "config", "consensus", "double_sign_check_height"];
  const height = valueAt({ settings }, path);
  return height === undefined || height === 0
    ? []
    : [at(path, height, "must stay 0: more makes a quick restart panic")];
};

const checks: Check[] = [
  reservedName,
  size,
  indexes,
  monikers,
  keyringFiles,
  consensusKeys,
  distinct("nodeId", "two nodes with one identity drop each other's peers"),
  distinct("accountAddress", "each validator has an operator of its own"),
  distinct("consensusPubKey", "one key in two validators signs twice"),
  distinct("host", "each validator has an address of its own"),
  genesisAccounts,
  genesisParams,
  ports,
  exposed,
  image,
  stagedUpgrade,
  quorum,
  volumes,
  memory,
  sidecarPorts,
  publicNames,
  addresses,
  settings,
  doubleSignCheck,
];

const at = (path: PropertyKey[], value: unknown, message: string): Problem => ({ path, value, message });

/** Positions whose value stood before, each with the position of its first appearance. */
function repeated(values: readonly unknown[]): [position: number, first: number][] {
  const seen = new Map<unknown, number>();
  return values.flatMap((value, position) => {
    const first = seen.get(value);
    if (first !== undefined) return [[position, first] as [number, number]];
    seen.set(value, position);
    return [];
  });
}
