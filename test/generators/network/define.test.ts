import { defineNetwork } from "generators/network/define.ts";
import { OperatorError } from "generators/operator-error.ts";
import { expect, test } from "vitest";
import { manyValidators, staging } from "../../support/networks.ts";
import { connectSidecar, withRelease } from "../../support/releases.ts";

// biome-ignore lint/suspicious/noExplicitAny: these networks are wrong on purpose.
type Wrong = any;

const pin = `sha256:${"ab".repeat(32)}`;
const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)} somebody`;

const servers = ["http://rpc-0.example.org:26657", "https://rpc-1.example.org:443"];
const trusted = { rpcServers: servers, trustHeight: 5_000_001, trustHash: "AB".repeat(32) };

const peer = { name: "validator-of-others", nodeId: "ab".repeat(20), address: "a.example:26656" };
const noGrpc = { app: { grpc: { enable: false } } };

/** The change that breaks the network, and what defineNetwork says of it. */
const faults: [fault: string, change: (network: Wrong) => void, message: string][] = [
  [
    "a certificate that is not pinned by its fingerprint",
    (n) => (n.sealing = { certificate: "AB:CD", signers: [publicKey] }),
    'sealing.certificate: "AB:CD" must be a certificate\'s fingerprint, "sha256:" and 64 lower-case hex characters',
  ],
  ["nothing of who signs", (n) => (n.sealing = { certificate: pin }), "sealing.signers: is missing"],
  [
    "no signer",
    (n) => (n.sealing = { certificate: pin, signers: [] }),
    "sealing.signers: [] must hold at least one public key",
  ],
  [
    "a private key for a signer",
    (n) => (n.sealing = { certificate: pin, signers: ["-----BEGIN OPENSSH"] }),
    'sealing.signers[0]: "-----BEGIN OPENSSH" must be an OpenSSH public key on one line',
  ],
  [
    "a signer's key that is cut",
    (n) => (n.sealing = { certificate: pin, signers: [publicKey.replace("AAAAC3", "")] }),
    "must be an OpenSSH public key on one line, such as that in ~/.ssh/id_ed25519.pub; this one is cut or changed",
  ],
  [
    "a signer's key with a second line",
    (n) => (n.sealing = { certificate: pin, signers: [`${publicKey}\n${publicKey}`] }),
    "must be an OpenSSH public key on one line",
  ],
  [
    "signatures off without a reason",
    (n) => (n.sealing = { certificate: pin, signers: { off: "no" } }),
    'sealing.signers.off: "no" must explain in a sentence why nobody signs what is sealed',
  ],
  ["unknown key", (n) => (n.replicas = 3), "replicas: 3 unknown key; the keys here are name, app, namespace"],
  ["unknown key deep inside", (n) => (n.validators[1].nodeID = "x"), 'validators[1].nodeID: "x" unknown key'],
  ["missing field", (n) => delete n.chain.denom, "chain.denom: is missing"],
  ["missing part", (n) => delete n.storage, "storage: is missing"],
  ["wrong type", (n) => (n.validators = "five"), 'validators: "five" must be a list'],
  ["number for a quantity", (n) => (n.resources.cpu = 2), "resources.cpu: 2 must be a Kubernetes quantity"],
  ["no validators", (n) => (n.validators = []), "validators: [] must hold at least one validator"],
  [
    "size above the number of validators",
    (n) => (n.size = 6),
    "size: 6 must be at most 5, the number of validators in validators.json; `pnpm run import` adds more",
  ],
  ["size zero", (n) => (n.size = 0), "size: 0 must be 1 or more"],
  ["gap in indexes", (n) => (n.validators[3].index = 4), "validators[3].index: 4 must be 3: indexes count from 0"],
  ["indexes from one", (n) => (n.validators[0].index = 1), "validators[0].index: 1 must be 0"],
  [
    "another validator's moniker",
    (n) => (n.validators[2].moniker = "node-2"),
    'validators[2].moniker: "node-2" must be mezo-node-2, the name of its objects',
  ],
  ["short node id", (n) => (n.validators[0].nodeId = "2d4e"), 'validators[0].nodeId: "2d4e" must be a node id'],
  [
    "upper-case node id",
    (n) => (n.validators[0].nodeId = n.validators[0].nodeId.toUpperCase()),
    "40 lower-case hex characters",
  ],
  [
    "node id twice",
    (n) => (n.validators[4].nodeId = n.validators[1].nodeId),
    'validators[4].nodeId: "eedead51f768b908e6ae068e5a8cda6236774010" is already validators[1].nodeId',
  ],
  [
    "consensus key twice",
    (n) => (n.validators[3].consensusPubKey = n.validators[0].consensusPubKey),
    "is already validators[0].consensusPubKey: one key in two validators signs twice",
  ],
  [
    "account twice",
    (n) => Object.assign(n.validators[1], { ...n.validators[0], index: 1, moniker: "mezo-node-1" }),
    "is already validators[0].accountAddress",
  ],
  ["host twice", (n) => (n.validators[2].host = n.validators[0].host), "is already validators[0].host"],
  [
    "consensus key of 31 bytes",
    (n) => (n.validators[0].consensusPubKey = Buffer.alloc(31).toString("base64")),
    "must be the ed25519 consensus public key: 32 bytes in base64",
  ],
  [
    "consensus key with stray bits",
    (n) => (n.validators[0].consensusPubKey = `${"A".repeat(42)}B=`),
    "is not canonical base64 of 32 bytes",
  ],
  ["bech32 for a hex address", (n) => (n.validators[0].accountAddress = "mezo1q5z"), "must be an account address: 40"],
  [
    "keyring file of another account",
    (n) => (n.validators[0].keyringFile = n.validators[1].keyringFile),
    "must be 0504d82efb7db7a8c05e8df8cea575d8c9f48bb2.address, after its account",
  ],
  ["host with a scheme", (n) => (n.validators[0].host = "https://a.org"), 'host: "https://a.org" must be a DNS name'],
  ["host with an underscore", (n) => (n.validators[0].host = "mezo_node.org"), "must be a DNS name such as"],
  [
    "a StorageClass with a space",
    (n) => (n.storage.className = "premium rwo"),
    'storage.className: "premium rwo" must be the name of a StorageClass',
  ],
  ["namespace in capitals", (n) => (n.namespace = "Default"), 'namespace: "Default" must be a DNS label'],
  [
    "app name too long",
    (n) => (n.app = "a".repeat(31)),
    "must be a DNS label: a-z, 0-9 and '-', at most 30 characters",
  ],
  [
    "network named argocd",
    (n) => (n.name = "argocd"),
    'name: "argocd" is reserved: overlays/argocd holds the Applications',
  ],
  [
    "lifecycle",
    (n) => (n.lifecycle = "old"),
    'lifecycle: "old" must be "adopted" (its objects ran before), "new" or "started" (it was new, and its chain has begun)',
  ],
  ["Cosmos chain id", (n) => (n.chain.id = "mezo-1"), 'chain.id: "mezo-1" must be an EVM chain id'],
  ["image latest", (n) => (n.image.tag = "latest"), 'image.tag: "latest" moves: pin a release'],
  ["image without a version", (n) => delete n.image.tag, "must have a tag or a digest"],
  [
    "image with two versions",
    (n) => (n.image.digest = `sha256:${"0".repeat(64)}`),
    "must have a tag or a digest, not both",
  ],
  [
    "image digest cut short",
    (n) => (n.image.digest = "sha256:abc"),
    'image.digest: "sha256:abc" must be an image digest',
  ],
  [
    "staged upgrade to latest",
    (n) => (n.stagedUpgrade = { tag: "latest", validators: [4] }),
    'stagedUpgrade.tag: "latest" moves: pin a release',
  ],
  ["staged upgrade to nothing", (n) => (n.stagedUpgrade = { validators: [4] }), "stagedUpgrade: {} must have a tag or"],
  [
    "staged upgrade of no validator",
    (n) => (n.stagedUpgrade = { tag: "v0.3.0", validators: [] }),
    "stagedUpgrade.validators: [] must name at least one validator",
  ],
  [
    "staged upgrade of a validator twice",
    (n) => (n.stagedUpgrade = { tag: "v0.3.0", validators: [4, 4] }),
    "stagedUpgrade.validators[1]: 4 is listed twice",
  ],
  [
    "staged upgrade of a validator that does not exist",
    (n) => (n.stagedUpgrade = { tag: "v0.3.0", validators: [5] }),
    "stagedUpgrade.validators[0]: 5 must be below 5",
  ],
  [
    "staged upgrade of more validators than the chain can lose",
    (n) => (n.stagedUpgrade = { tag: "v0.3.0", validators: [3, 4] }),
    "stagedUpgrade.validators: [3,4] must name at most 1 of the 5 validators",
  ],
  [
    "staged upgrade of an image without a registry",
    (n) =>
      Object.assign(n, {
        stagedUpgrade: { tag: "v0.3.0", validators: [4] },
        image: { repository: "mezo-node", tag: "v1.0.0" },
      }),
    'image.repository: "mezo-node" must include a registry or folder when stagedUpgrade is set',
  ],
  ["GKE without a version", (n) => delete n.gke.version, "gke.version: is missing"],
  [
    "GKE release instead of a version",
    (n) => (n.gke.version = "1.33.3-gke.1"),
    'gke.version: "1.33.3-gke.1" must be a GKE version',
  ],
  [
    "exception without a reason",
    (n) => (n.exceptions = [{ rule: "require-one-replica", reason: " so " }]),
    'exceptions[0].reason: " so " must explain in a sentence why',
  ],
  [
    "exception for every object",
    (n) => (n.exceptions = [{ rule: "require-one-replica", message: "is wrong", reason: "it is a drill" }]),
    "exceptions[0].object: is missing",
  ],
  [
    "exception for every finding in an object",
    (n) => (n.exceptions = [{ rule: "require-one-replica", object: "StatefulSet/x", reason: "it is a drill" }]),
    "exceptions[0].message: is missing",
  ],
  [
    "accepted risk that no push needs a word for",
    (n) => (n.accept = [{ risk: "loses a volume", reason: "it is a drill", until: "2999-01-01" }]),
    'accept[0].risk: "loses a volume" must be "halts the chain" or "may halt the chain"',
  ],
  [
    "accepted risk until a day that does not exist",
    (n) => (n.accept = [{ risk: "halts the chain", reason: "it is a drill", until: "2026-02-30" }]),
    'accept[0].until: "2026-02-30" must be the last day on which it counts',
  ],
  [
    "exception for a file",
    (n) => (n.exceptions = [{ rule: "require-one-replica", object: "base/x.yaml", reason: "it is a drill" }]),
    'exceptions[0].object: "base/x.yaml" must be an object such as StatefulSet/mezo-node-0',
  ],
  [
    "image repository with a tag",
    (n) => (n.image.repository = "ghcr.io/mezo-org/mezod:v1"),
    'image.repository: "ghcr.io/mezo-org/mezod:v1" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with a digest",
    (n) => (n.image.repository = "ghcr.io/mezo-org/mezod@sha256:00"),
    'image.repository: "ghcr.io/mezo-org/mezod@sha256:00" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with a scheme",
    (n) => (n.image.repository = "https://ghcr.io/mezo-org/mezod"),
    'image.repository: "https://ghcr.io/mezo-org/mezod" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with an empty part",
    (n) => (n.image.repository = "ghcr.io//mezod"),
    'image.repository: "ghcr.io//mezod" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with a dot-dot",
    (n) => (n.image.repository = "ghcr.io/../mezod"),
    'image.repository: "ghcr.io/../mezod" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with two dots",
    (n) => (n.image.repository = "ghcr.io/mezo..d"),
    'image.repository: "ghcr.io/mezo..d" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository that ends in a slash",
    (n) => (n.image.repository = "ghcr.io/mezod/"),
    'image.repository: "ghcr.io/mezod/" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with a port and nothing behind it",
    (n) => (n.image.repository = "registry:5000"),
    'image.repository: "registry:5000" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with upper-case letters",
    (n) => (n.image.repository = "ghcr.io/Mezo/mezod"),
    'image.repository: "ghcr.io/Mezo/mezod" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository that starts with a slash",
    (n) => (n.image.repository = "/mezod"),
    'image.repository: "/mezod" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository with a space",
    (n) => (n.image.repository = "ghcr.io/mezo d"),
    'image.repository: "ghcr.io/mezo d" must be an image name without scheme, tag or digest',
  ],
  [
    "image repository too long",
    (n) => (n.image.repository = `ghcr.io/${"x".repeat(260)}`),
    "must be an image name without scheme, tag or digest",
  ],
  [
    "Date",
    (n) => (n.genesis.time = new Date(0)),
    "genesis.time: 1970-01-01T00:00:00.000Z must be text, a finite number",
  ],
  ["Map", (n) => (n.settings = { app: new Map() }), "settings.app: Map(0) {} must be text, a finite number"],
  ["function", (n) => (n.name = () => "staging"), "name: [Function (anonymous)] must be text, a finite number"],
  ["symbol", (n) => (n.app = Symbol("mezo")), "app: Symbol(mezo) must be text, a finite number"],
  [
    "instance of a class",
    (n) => (n.resources = new (class Small {})()),
    "resources: Small {} must be text, a finite number",
  ],
  ["NaN", (n) => (n.ports.p2p = Number.NaN), "ports.p2p: NaN must be text, a finite number"],
  ["infinite number", (n) => (n.size = Number.POSITIVE_INFINITY), "size: Infinity must be text, a finite number"],
  ["bigint", (n) => (n.size = 3n), "size: 3n must be text, a finite number"],
  [
    "key __proto__",
    (n) => (n.settings = JSON.parse('{"app": {"__proto__": {}}}')),
    "settings.app.__proto__: is a key that JavaScript reserves",
  ],
  [
    "prototype of its own",
    (n) => Object.setPrototypeOf(n.image, { tag: "v1" }),
    "must be text, a finite number, true, false, null, a list or a plain object",
  ],
  ["key constructor", (n) => (n.constructor = 1), "constructor: is a key that JavaScript reserves; remove it"],
  [
    "key toString in a validator",
    (n) => (n.validators[0].toString = "x"),
    "validators[0].toString: is a key that JavaScript reserves",
  ],
  [
    "key prototype in params",
    (n) => (n.genesis.params = { prototype: {} }),
    "genesis.params.prototype: is a key that JavaScript reserves",
  ],
  ["symbol for a key", (n) => (n[Symbol("x")] = 1), "must have text as its key"],
  [
    "getter",
    (n) => Object.defineProperty(n, "size", { get: () => 3, enumerable: true }),
    "size: must be a value, not a getter",
  ],
  ["hidden property", (n) => Object.defineProperty(n, "size", { value: 3 }), "size: must be an enumerable property"],
  ["list with a key", (n) => (n.expose.more = "rpc"), "expose.more: must have text as its key"],
  ["list with a gap", (n) => delete n.expose[0], "expose[0]: is undefined; a list has no gaps"],
  ["list with undefined", (n) => (n.expose = ["p2p", undefined]), "expose[1]: is undefined; a list has no gaps"],
  ["object in itself", (n) => (n.settings = { app: n }), "is nested more than 32 levels deep"],
  [
    "null in a list of settings",
    (n) => (n.settings = { app: { "index-events": [null] } }),
    'settings.app["index-events"][0]: null must not be null',
  ],
  [
    "null deep in a list of settings",
    (n) => (n.settings = { app: { telemetry: { "global-labels": [["a", null]] } } }),
    'settings.app.telemetry["global-labels"][0][1]: null must not be null',
  ],
  [
    "number in a list of text",
    (n) => (n.settings = { config: { rpc: { cors_allowed_methods: [1] } } }),
    'cors_allowed_methods[0]: 1 must be a string, as in ["HEAD","GET","POST"]',
  ],
  [
    "null in a list of parameters",
    (n) => (n.genesis.params = { bank: { send_enabled: [{ denom: null }] } }),
    "genesis.params.bank.send_enabled[0].denom: null must not be null",
  ],
  ["port out of range", (n) => (n.ports.p2p = 70000), "ports.p2p: 70000 must be 1 to 65535"],
  ["port as text", (n) => (n.ports.rpc = "26657"), 'ports.rpc: "26657" must be a port number'],
  ["port twice", (n) => (n.ports["json-rpc-ws"] = 8545), 'ports["json-rpc-ws"]: 8545 is already ports.json-rpc'],
  ["p2p not exposed", (n) => (n.expose = ["rpc"]), 'expose: ["rpc"] must include "p2p"'],
  ["metrics exposed", (n) => (n.expose = ["p2p", "metrics"]), 'expose[1]: "metrics" must be one of p2p, rpc, api'],
  ["exposed twice", (n) => (n.expose = ["p2p", "p2p"]), 'expose[1]: "p2p" is listed twice'],
  [
    "api exposed but off, on a network that does not run yet",
    (n) => Object.assign(n, { lifecycle: "new", expose: ["p2p", "api"] }),
    "settings.app.api.enable: false must be true: api is in `expose`",
  ],
  [
    "gRPC exposed and switched off",
    (n) => (n.settings.app = { grpc: { enable: false } }),
    "settings.app.grpc.enable: false must be true: grpc is in `expose`",
  ],
  [
    "gRPC for clients and switched off",
    (n) =>
      Object.assign(n, {
        expose: ["p2p"],
        clients: [{ namespace: "explorer", ports: ["grpc"] }],
        settings: { app: { grpc: { enable: false } } },
      }),
    "settings.app.grpc.enable: false must be true: grpc is in `clients`",
  ],
  [
    "JSON-RPC switched off",
    (n) => (n.settings.app = { "json-rpc": { enable: false } }),
    'settings.app["json-rpc"].enable: false must be true: the Service mezo-rpc and its Ingresses lead there',
  ],
  [
    "metrics switched off where they are collected",
    (n) => (n.settings.config = { instrumentation: { prometheus: false } }),
    "settings.config.instrumentation.prometheus: false must be true: `monitoring` collects the metrics of every node",
  ],
  [
    "metrics collected by nobody that is known",
    (n) => (n.monitoring = { kind: "datadog" as never, namespace: "monitoring" }),
    'monitoring.kind: "datadog" must be "gmp" (GKE\'s managed Prometheus), "prometheus-operator" or "annotations"',
  ],
  ["clients that are everybody", (n) => (n.clients = [{ ports: ["rpc"] }]), "must have a namespace, podLabels or both"],
  [
    "clients of p2p",
    (n) => (n.clients = [{ namespace: "a", ports: ["p2p"] }]),
    'clients[0].ports[0]: "p2p" must be one of rpc, api, grpc, json-rpc, json-rpc-ws',
  ],
  [
    "clients of nothing",
    (n) => (n.clients = [{ namespace: "a", ports: [] }]),
    "clients[0].ports: [] must name at least one port",
  ],
  [
    "clients of a port, twice",
    (n) => (n.clients = [{ namespace: "a", ports: ["rpc", "rpc"] }]),
    'clients[0].ports[1]: "rpc" is listed twice',
  ],
  [
    "clients with no label",
    (n) => (n.clients = [{ podLabels: {}, ports: ["rpc"] }]),
    "clients[0].podLabels: {} must hold at least one label",
  ],
  [
    "clients with a label that is none",
    (n) => (n.clients = [{ podLabels: { "a b": "c" }, ports: ["rpc"] }]),
    "must have the keys of labels",
  ],
  [
    "clients with a label's value that is none",
    (n) => (n.clients = [{ podLabels: { app: "-" }, ports: ["rpc"] }]),
    'clients[0].podLabels.app: "-" must be the value of a label',
  ],
  [
    "an address that is none",
    (n) => (n.validators[0].address = "203.0.113.256"),
    'validators[0].address: "203.0.113.256" must be an IPv4 address such as 203.0.113.7',
  ],
  [
    "address twice",
    (n) => {
      for (const i of [0, 3]) n.validators[i].address = "203.0.113.7";
    },
    'validators[3].address: "203.0.113.7" is already validators[0].address: each validator has its own address',
  ],
  [
    "a host on loopback",
    (n) => (n.validators[0].host = "127.0.0.1"),
    'validators[0].host: "127.0.0.1" leads every node back to itself',
  ],
  ["a host of this machine", (n) => (n.validators[1].host = "node1.localhost"), "leads every node back to itself"],
  ["an address of every interface", (n) => (n.validators[1].address = "0.0.0.0"), "leads every node back to itself"],
  [
    "the namespace of the system",
    (n) => (n.namespace = "kube-system"),
    'namespace: "kube-system" is a namespace of the system',
  ],
  ["the namespace of Argo CD", (n) => (n.namespace = "argocd"), 'namespace: "argocd" is a namespace of the system'],
  [
    "the namespace of an Argo CD of another name",
    (n) => {
      for (const part of [n, n.argocd]) part.namespace = "gitops";
    },
    'namespace: "gitops" is a namespace of the system',
  ],
  ["the namespace of GKE's metrics", (n) => (n.namespace = "gmp-system"), "is a namespace of the system"],
  [
    "state sync without what it trusts",
    (n) => (n.stateSync = { validators: [4], rpcServers: servers }),
    "stateSync.trustHeight: is missing",
  ],
  [
    "state sync of a validator that is not there",
    (n) => (n.stateSync = { ...trusted, validators: [5] }),
    "stateSync.validators[0]: 5 must be the index of a validator: 0, 1, 2, 3, 4",
  ],
  [
    "state sync of nobody",
    (n) => (n.stateSync = { ...trusted, validators: [] }),
    "stateSync.validators: [] must name at least one validator",
  ],
  [
    "state sync from one server",
    (n) => (n.stateSync = { ...trusted, rpcServers: servers.slice(1) }),
    "must name at least two servers, which are compared",
  ],
  [
    "state sync from one server twice",
    (n) => (n.stateSync = { ...trusted, validators: [4], rpcServers: [servers[0], servers[0]] }),
    'stateSync.rpcServers[1]: "http://rpc-0.example.org:26657" is listed twice',
  ],
  [
    "state sync from a server without a port",
    (n) => (n.stateSync = { ...trusted, rpcServers: ["https://a.example", ...servers] }),
    'stateSync.rpcServers[0]: "https://a.example" must be the URL of a node\'s rpc with its port',
  ],
  [
    "state sync from a port that is none",
    (n) => (n.stateSync = { ...trusted, rpcServers: ["https://a.example:65536", ...servers] }),
    "must have a port of 1 to 65535",
  ],
  [
    "state sync with half a hash",
    (n) => (n.stateSync = { ...trusted, trustHash: "AB" }),
    'stateSync.trustHash: "AB" must be the hash of the block at trustHeight: 64 hex characters',
  ],
  [
    "state sync of all validators",
    (n) => (n.settings.config = { statesync: { enable: true } }),
    "settings.config.statesync.enable: true must not be set: validators that take their state from peers are named in",
  ],
  [
    "servers for state sync that no policy lets a node reach",
    (n) => (n.settings.config = { statesync: { rpc_servers: "a.example:26657,https://b.example:443" } }),
    "must not be set: no policy opens port 26657, 443, and validators that take",
  ],
  [
    "seeds that no policy lets a node reach",
    (n) =>
      (n.settings.config = { p2p: { seeds: `${"ab".repeat(20)}@a.example:26656,${"cd".repeat(20)}@b.example:27000` } }),
    `settings.config.p2p.seeds: "${"cd".repeat(20)}@b.example:27000" leads to port 27000, which no policy opens: nodes may dial others at port 26656 alone`,
  ],
  [
    "a seed without a port",
    (n) => (n.settings.config = { p2p: { seeds: "a.example" } }),
    'settings.config.p2p.seeds: "a.example" must be <node id>@<host>:<port>',
  ],
  [
    "batch that halts",
    (n) => (n.rollout = { batch: 2 }),
    "rollout.batch: 2 must be at most 1: more than two thirds of 5",
  ],
  ["batch of nothing", (n) => (n.rollout = { batch: 0 }), "rollout.batch: 0 must be 1 or more"],
  ["unknown rollout", (n) => (n.rollout = "fast"), 'rollout: "fast" must be "one-at-a-time", "all-at-once" or { batch'],
  [
    "ReadWriteOncePod when adopting",
    (n) => (n.storage.accessMode = "ReadWriteOncePod"),
    'must be "ReadWriteOnce" on an adopted network: volume claim templates are immutable',
  ],
  [
    "ReadWriteOncePod for one validator when adopting",
    (n) => (n.perValidator = [{ validator: 3, storage: { accessMode: "ReadWriteOncePod" } }]),
    'perValidator[0].storage.accessMode: "ReadWriteOncePod" must be "ReadWriteOnce" on an adopted network',
  ],
  [
    "settings of a validator that is not there",
    (n) => (n.perValidator = [{ validator: 7 }]),
    "perValidator[0].validator: 7 must be the index of a validator: 0, 1, 2, 3, 4",
  ],
  [
    "settings of one validator twice",
    (n) => (n.perValidator = [{ validator: 3 }, { validator: 3 }]),
    "perValidator[1].validator: 3 is listed twice",
  ],
  [
    "unknown setting of one validator",
    (n) => (n.perValidator = [{ validator: 3, settings: { app: { prune: 1 } } }]),
    "perValidator[0].settings.app.prune: 1 unknown setting",
  ],
  [
    "another pace for one validator",
    (n) => (n.perValidator = [{ validator: 3, settings: { config: { consensus: { timeout_commit: "9s" } } } }]),
    'perValidator[0].settings.config.consensus: {"timeout_commit":"9s"} must be the same on every validator',
  ],
  [
    "an exposed api that one validator turns off",
    (n) => {
      n.expose = ["p2p", "api"];
      n.settings.app = { api: { enable: true } };
      n.perValidator = [{ validator: 3, settings: { app: { api: { enable: false } } } }];
    },
    "perValidator[0].settings.app.api.enable: false must be true: api is in `expose`",
  ],
  ["decimal disk", (n) => (n.storage.size = "100G"), 'storage.size: "100G" must be a quantity in binary units'],
  [
    "a limit besides the request",
    (n) => (n.resources.memoryLimit = "16Gi"),
    'resources.memoryLimit: "16Gi" unknown key; the keys here are cpu, memory',
  ],
  [
    "more memory than two validators have on a machine",
    (n) => (n.resources.memory = "16Gi"),
    'resources.memory: "16Gi" must be at most 10542Mi: a machine has 28252Mi for pods, and carries 2 validators, the sidecar, a gate, and gke.reserved',
  ],
  [
    "more memory than one validator has on a machine",
    (n) => Object.assign(n, { spread: "required", gke: { ...n.gke, machine: { cpu: "8", memory: "16Gi" }, nodes: 5 } }),
    'resources.memory: "10Gi" must be at most 6084Mi: a machine has 13252Mi for pods, and carries a validator,',
  ],
  ["more cores than a machine has", (n) => (n.resources.cpu = "2.5"), 'resources.cpu: "2.5" must be at most 2280m: a'],
  [
    "what runs beside validators leaves no room",
    (n) => (n.gke.reserved.memory = "20Gi"),
    'resources.memory: "10Gi" must be at most 3374Mi',
  ],
  [
    "fewer machines than validators that may share none",
    (n) => (n.spread = "required"),
    'gke.nodes: 3 must be at least 5, the number of validators: with spread "required" no two share a machine',
  ],
  ["no machines", (n) => (n.gke.nodes = 0), "gke.nodes: 0 must be 1 or more"],
  [
    "nothing of what the cluster does with policies",
    (n) => (n.gke.networkPolicies = true),
    'gke.networkPolicies: true must be "enforced" (the cluster has Dataplane V2 or Calico) or "ignored"',
  ],
  ["nothing of the machines", (n) => delete n.gke.machine, "gke.machine: is missing"],
  [
    "a machine type that is none",
    (n) => (n.gke.machine = "large"),
    'gke.machine: "large" must be a machine type such as "n2-standard-8", or { cpu, memory }',
  ],
  [
    "a machine type that is not known",
    (n) => (n.gke.machine = "z9-standard-8"),
    'gke.machine: "z9-standard-8" is no type that is known by name (c3-standard,',
  ],
  [
    "public hosts without a cloud",
    (n) => {
      n.peering = "hosts";
      delete n.gke;
    },
    'peering: "hosts" must be "services"',
  ],
  ["static IPs without an index", (n) => (n.gke.nodeAddress = "node-ip"), "with {index} in it"],
  [
    "one IP for two Ingresses",
    (n) => (n.gke.jsonRpcWs.address = n.gke.jsonRpc.address),
    "is already gke.jsonRpc.address: each Ingress needs its own",
  ],
  [
    "unknown setting",
    (n) => (n.settings.config = { p2p: { peers: "" } }),
    'settings.config.p2p.peers: "" unknown setting',
  ],
  ["setting of another type", (n) => (n.settings.app = { pruning: 1 }), "must be a string, as in pruning ="],
  [
    "setting that follows from the network",
    (n) => (n.settings.config = { p2p: { laddr: "tcp://0.0.0.0:1" } }),
    "follows from the network; change ports.p2p",
  ],
  [
    "double sign check",
    (n) => (n.settings.config = { consensus: { double_sign_check_height: 10 } }),
    "double_sign_check_height: 10 must stay 0",
  ],
  ["unknown kind of genesis", (n) => (n.genesis = { kind: "x" }), 'genesis.kind: "x" must be "composed" or "file"'],
  [
    "genesis file with a path",
    (n) => (n.genesis = { kind: "file", file: "g.json" }),
    'genesis.file: "g.json" unknown key',
  ],
  ["genesis time", (n) => (n.genesis.time = "yesterday"), 'genesis.time: "yesterday" must be an RFC 3339 time'],
  ["balance as a number", (n) => (n.genesis.balance = 1e21), "must be a whole number in the smallest unit"],
  [
    "faucet on a validator's account",
    (n) => (n.genesis.accounts[0].accountAddress = n.validators[0].accountAddress),
    "already has an account in genesis",
  ],
  [
    "parameter of an unknown module",
    (n) => (n.genesis.params = { gov: { x: 1 } }),
    'genesis.params.gov: {"x":1} unknown parameter',
  ],
  [
    "more validators than PoA has seats",
    (n) => (n.genesis.params = { poa: { max_validators: 4 } }),
    "must be at most 4, which is genesis.params.poa.max_validators",
  ],
  [
    "the cluster of Argo CD as a destination",
    (n) => (n.argocd.destination = { server: "https://kubernetes.default.svc" }),
    'argocd.destination.server: "https://kubernetes.default.svc" leave `destination` out for the cluster that Argo CD runs in',
  ],
  [
    "the cluster of Argo CD by name",
    (n) => (n.argocd.destination = { name: "in-cluster" }),
    "leave `destination` out for the cluster that Argo CD runs in",
  ],
  [
    "a pattern as a destination",
    (n) => (n.argocd.destination = { name: "prod-*" }),
    "must be a cluster's name in Argo CD, as `argocd cluster list` prints it",
  ],
  [
    "a destination by name and server",
    (n) => (n.argocd.destination = { name: "production", server: "https://203.0.113.7" }),
    'must be { name: "<cluster>" } or { server: "https://…" }',
  ],
  ["repository without a scheme", (n) => (n.argocd.repoURL = "github.com/x"), "must be the URL of this repository"],
  [
    "a release that votes on prices, and no Connect",
    (n) => (n.image.tag = "v0.3.0-rc3"),
    "connectSidecar: is missing: validators of v0.3.0-rc3 vote on prices, which Connect tells them; write { image:",
  ],
  [
    "a staged upgrade to such a release, and no Connect",
    (n) => (n.stagedUpgrade = { tag: "v0.3.0-rc3", validators: [4] }),
    "connectSidecar: is missing: validators of v0.3.0-rc3 vote on prices",
  ],
  [
    "Connect by a tag",
    (n) => (n.connectSidecar = { ...connectSidecar, image: { tag: "v2.1.2" } }),
    'connectSidecar.image.tag: "v2.1.2" unknown key; the keys here are repository, digest',
  ],
  [
    "Connect without resources",
    (n) => (n.connectSidecar = { image: connectSidecar.image }),
    "connectSidecar.resources: is missing",
  ],
  [
    "a port of exchanges twice",
    (n) => (n.connectSidecar = { ...connectSidecar, exchangePorts: [443, 443] }),
    "connectSidecar.exchangePorts[1]: 443 is listed twice",
  ],
  [
    "a port of the Ethereum node twice",
    (n) => (n.ethereumSidecar.ethereumPorts = [443, 443]),
    "ethereumSidecar.ethereumPorts[1]: 443 is listed twice",
  ],
  [
    "no gRPC for Connect",
    (n) => Object.assign(n, withRelease("v0.3.0-rc3"), { expose: ["p2p"], settings: noGrpc }),
    "settings.app.grpc.enable: false must be true: Connect asks the node for its markets there",
  ],
  [
    "an ethereum-sidecar on a port of the node in whose pod it is",
    (n) =>
      Object.assign(n, withRelease("v4.0.1"), {
        ethereumSidecar: { ...withRelease("v4.0.1").ethereumSidecar, port: 8545 },
      }),
    "ethereumSidecar.port: 8545 is already ports.json-rpc: the sidecar is in the validator's pod",
  ],
  [
    "a validator of the bridge that is not there",
    (n) => (n.ethereumSidecar.bridge = [0, 7]),
    "ethereumSidecar.bridge[1]: 7 must be the index of a validator: 0, 1, 2, 3, 4",
  ],
  ["a bridge of nobody", (n) => (n.ethereumSidecar.bridge = []), "bridge: [] must name at least one validator"],
  [
    "sidecars for which a machine has no room",
    (n) => Object.assign(n, withRelease("v4.0.1"), { ethereumSidecar: staging.ethereumSidecar }),
    'resources.memory: "10Gi" must be at most 10030Mi: a machine has 28252Mi for pods, and carries 2 validators with what each has beside it, a gate, and gke.reserved',
  ],
  [
    "the sidecar's address as a setting",
    (n) =>
      Object.assign(n, withRelease("v4.0.1"), {
        settings: { app: { "ethereum-sidecar": { client: { "server-address": "a:1" } } } },
      }),
    "follows from the network; change ethereumSidecar.port",
  ],
  [
    "Connect's address as a setting",
    (n) => Object.assign(n, withRelease("v4.0.1"), { settings: { app: { oracle: { oracle_address: "a:1" } } } }),
    "follows from the network; change connectSidecar",
  ],
  [
    "a peer without a port",
    (n) => (n.peers = [{ ...peer, address: "a.example" }]),
    "must be where it is dialled, as <host>:<port>",
  ],
  [
    "a peer at a port that is none",
    (n) => (n.peers = [{ ...peer, address: "a.example:70000" }]),
    "must have a port of 1 to 65535",
  ],
  [
    "a peer without a node id",
    (n) => (n.peers = [{ name: "a", address: "a.example:26656" }]),
    "peers[0].nodeId: is missing",
  ],
  [
    "a peer twice",
    (n) => (n.peers = [peer, { ...peer, name: "other", address: "b.example:26656" }]),
    `peers[1].nodeId: "${peer.nodeId}" is already peers[0].nodeId: two nodes with one identity drop each other's peers`,
  ],
  [
    "a peer with the name of one's own validator",
    (n) => (n.peers = [{ ...peer, name: "mezo-node-3" }]),
    'peers[0].name: "mezo-node-3" is that of validators[3]: peers are validators that others run',
  ],
  [
    "one's own validator as a peer",
    (n) => (n.peers = [{ ...peer, nodeId: n.validators[2].nodeId }]),
    "is that of validators[2]: peers are validators that others run",
  ],
  [
    "one's own address as a peer's",
    (n) => (n.peers = [{ ...peer, address: `${n.validators[1].host}:26656` }]),
    "leads to validators[1]: peers are validators that others run",
  ],
  [
    "a peer at home",
    (n) => (n.peers = [{ ...peer, address: "127.0.0.1:26656" }]),
    'peers[0].address: "127.0.0.1:26656" leads every node back to itself',
  ],
];

test.each(faults)("%s", (_fault, change, message) => {
  const network = structuredClone(staging);
  change(network);
  expect(messageOf(() => defineNetwork(network))).toContain(message);
});

test("the error names the file and lists every problem on its own line", () => {
  const network: Wrong = structuredClone(staging);
  network.image.tag = "latest";
  network.expose = ["rpc"];
  network.validators[0].index = 7;
  expect(messageOf(() => defineNetwork(network)).split("\n")).toEqual([
    "generators/networks/staging.ts:",
    "  validators[0].index: 7 must be 0: indexes count from 0, with gaps only for validators in `retired`",
    '  validators[0].moniker: "mezo-node-0" must be mezo-node-7, the name of its objects and key files',
    '  expose: ["rpc"] must include "p2p", where validators dial each other',
    '  image.tag: "latest" moves: pin a release (v0.2.0-rc3) or a digest',
  ]);
});

test("long values are shortened", () => {
  const network: Wrong = structuredClone(staging);
  network.namespace = "x".repeat(500);
  expect(
    Math.max(
      ...messageOf(() => defineNetwork(network))
        .split("\n")
        .map(({ length }) => length),
    ),
  ).toBeLessThan(250);
});

test("a network that was taken over keeps a port on which its nodes never answered", () => {
  expect(staging.expose).toContain("api");
  expect(staging.settings.app).toEqual({});
});

test.each([1, 4, 100])("a network may have %i validators", (count) => {
  expect(manyValidators(count).validators).toHaveLength(count);
});

test("the name of a StorageClass may have dots", () => {
  const { storage } = defineNetwork({ ...staging, storage: { ...staging.storage, className: "ceph.rook.io" } });
  expect(storage.className).toBe("ceph.rook.io");
});

test("size selects the first validators", () => {
  expect(defineNetwork({ ...staging, size: 2 }).validators.map(({ moniker }) => moniker)).toEqual([
    "mezo-node-0",
    "mezo-node-1",
  ]);
});

function messageOf(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  throw new Error("no error");
}
