import { fieldTexts } from "generators/network/field-texts.ts";
import { networkFields } from "generators/network/fields.ts";
import type { Answers, ArgocdAnswers, GkeAnswers } from "./answers.ts";
import { destinationOf, imageParts } from "./questions.ts";

/** A line of the declaration: the field, its value as TypeScript, and what the value's author should know. */
type Line = [field: string, value: string, notes?: string[]];

/**
 * The description of a new network, as generators/networks/<name>.ts has it: every field that it sets below what the field
 * is, and the names of all others.
 *
 * @param time when its chain begins, as RFC 3339.
 */
export function networkText(answers: Answers, time: string): string {
  const lines = [...chainLines(answers, time), ...placeLines(answers)];
  const set = new Set(lines.map(([field]) => field));
  const others = networkFields().filter(({ path, isRequired }) => /^\w+$/.test(path) && !isRequired && !set.has(path));
  return [
    'import type { NetworkDeclaration } from "../network/schema.ts";',
    "",
    "// docs/network-fields.md has every field, with what its value must be.",
    "export default {",
    ...lines.flatMap(([field, value, notes = []]) => [
      ...[fieldTexts[field] ?? "", ...notes].flatMap((text) => comment(text)),
      `  ${field}: ${value},`,
    ]),
    "",
    "  // What else can be said:",
    ...others.flatMap(({ path }) => comment(`${path}: ${fieldTexts[path]}`)),
    "} satisfies NetworkDeclaration;",
    "",
  ].join("\n");
}

const quoted = (value: unknown) => JSON.stringify(value);

function chainLines(answers: Answers, time: string): Line[] {
  const { name, app, namespace, chainId, denom, bech32Prefix, image } = answers;
  const [, repository, tag] = imageParts(image);
  return [
    ["name", quoted(name)],
    ["app", quoted(app), ["Neither it nor the namespace may change once a validator runs."]],
    ["namespace", quoted(namespace)],
    [
      "lifecycle",
      quoted("new"),
      ['Make it "started" once the chain makes blocks: no validator starts empty from then on.'],
    ],
    ["chain", `{ id: ${quoted(chainId)}, denom: ${quoted(denom)}, bech32Prefix: ${quoted(bech32Prefix)} }`],
    ["image", `{ repository: ${quoted(repository)}, tag: ${quoted(tag)} }`],
    [
      "genesis",
      object({
        kind: quoted("composed"),
        appVersion: quoted(tag),
        time: quoted(time),
        balance: quoted("1000000000000000000000"),
      }),
      ['A genesis that the chain\'s own tools made is { kind: "file" }, and `pnpm run import` copies it.'],
    ],
  ];
}

function placeLines({ name, gke, argocd, validators, connectDigest }: Answers): Line[] {
  const isCrowded = gke !== undefined && gke.nodes < validators;
  return [
    [
      "peering",
      quoted("services"),
      ["Names inside the cluster: blocks depend neither on public DNS nor on load balancers."],
    ],
    ["rollout", quoted("one-at-a-time")],
    [
      "spread",
      quoted(gke && !isCrowded ? "required" : "preferred"),
      gke ? [] : ['On machines enough, "required": one that fails then takes one validator along.'],
    ],
    ["resources", gke ? '{ cpu: "2", memory: "10Gi" }' : '{ cpu: "100m", memory: "1Gi" }', sizeNotes(gke)],
    [
      "storage",
      gke
        ? '{ size: "100Gi", className: "premium-rwo", accessMode: "ReadWriteOnce" }'
        : '{ size: "1Gi", accessMode: "ReadWriteOnce" }',
    ],
    [
      "ethereumSidecar",
      gke
        ? '{ ethereumPorts: [443], resources: { cpu: "250m", memory: "512Mi" } }'
        : '{ ethereumPorts: [443, 8545, 8546], resources: { cpu: "10m", memory: "128Mi" } }',
    ],
    ...(connectDigest ? [connectLine(connectDigest)] : []),
    ...(gke ? [gkeLine(name, gke)] : [localSettings]),
    ...(argocd ? [argocdLine(argocd)] : []),
  ];
}

const connectLine = (digest: string): Line => [
  "connectSidecar",
  object({ image: `{ digest: ${quoted(digest)} }`, resources: '{ cpu: "100m", memory: "256Mi" }' }),
];

const sizeNotes = (gke: GkeAnswers | undefined) =>
  gke
    ? ["A validator with these and what `gke.reserved` says must fit on a machine."]
    : ["Small, to be tried; a chain that others use needs more."];

const localSettings: Line = [
  "settings",
  "{ config: { p2p: { addr_book_strict: false } } }",
  ["Peers are known by cluster addresses, which the address book counts as unroutable."],
];

function gkeLine(name: string, { project, cluster, region, machine, nodes }: GkeAnswers): Line {
  const endpoint = (suffix: string) =>
    `{ address: ${quoted(`${name}-${suffix}-external-ip`)}, certificate: ${quoted(`${name}-${suffix}-ssl-certificate`)} }`;
  const fields = {
    project: quoted(project),
    cluster: quoted(cluster),
    region: quoted(region),
    version: quoted("1.33"),
    machine: quoted(machine),
    nodes: String(nodes),
    reserved: '{ cpu: "1", memory: "4Gi" }',
    networkPolicies: quoted("ignored"),
    nodeAddress: quoted(`${name}-node-{index}-external-ip`),
    jsonRpc: endpoint("rpc"),
    jsonRpcWs: endpoint("rpc-ws"),
  };
  return [
    "gke",
    object(fields),
    [
      "Assumed until somebody measures it: `reserved`, as `kubectl describe node` shows it.",
      'Set networkPolicies to "enforced" where the cluster has Dataplane V2 or Calico.',
    ],
  ];
}

function argocdLine({ repoURL, revision, destination }: ArgocdAnswers): Line {
  const place =
    destination && Object.entries(destinationOf(destination)).map(([key, value]) => `${key}: ${quoted(value)}`);
  const fields = {
    repoURL: quoted(repoURL),
    revision: quoted(revision),
    ...(place && { destination: `{ ${place} }` }),
  };
  return [
    "argocd",
    object(fields),
    ["A new network is deployed once `kubectl apply -k overlays/argocd` has been run."],
  ];
}

const object = (fields: Record<string, string>) =>
  ["{", ...Object.entries(fields).map(([key, value]) => `    ${key}: ${value},`), "  }"].join("\n");

/** A text as comments of at most 120 characters a line. */
function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > 120) lines.push(`  // ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
