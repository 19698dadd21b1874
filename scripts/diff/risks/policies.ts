import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import { type Manifest, sibling, workloads } from "../../objects/manifests.ts";
import { policiesOf } from "../../objects/policies.ts";
import type { Push } from "../push.ts";
import { type Consequence, listed, type Risk } from "../risk.ts";

const directions = [
  { type: "Ingress", opens: "can be reached from", closes: "can no longer be reached from" },
  { type: "Egress", opens: "can reach", closes: "can no longer reach" },
] as const;

type Direction = (typeof directions)[number];

/** What pods may be reached by and may reach, as their network policies taken together say. */
export function* policies({ was, is, network }: Push): Iterable<Consequence> {
  const isIgnored = network?.gke?.networkPolicies === "ignored";
  const found = workloads(is.manifests).flatMap(({ manifest }) => {
    const before = sibling(was.manifests, manifest, manifest.kind, manifest.metadata.name);
    return before
      ? changesOf(manifest.metadata.name, accessOf(was.manifests, before), accessOf(is.manifests, manifest))
      : [];
  });
  for (const [, group] of Map.groupBy(found, ({ risk, what }) => `${risk} ${what}`)) {
    const [{ risk, what } = { risk: "changes without a restart" as Risk, what: "" }] = group;
    const note = isIgnored ? ", once this cluster enforces policies" : "";
    yield { risk, message: `${listed(group.map(({ name }) => name))} ${what}${note}.` };
  }
}

/** Whom a pod talks with in each direction, "<peer> at <port>" each; undefined where no policy says. */
type Access = Map<Direction, string[] | undefined>;

function accessOf(manifests: readonly Manifest[], workload: Manifest): Access {
  const all = policiesOf(manifests, workload);
  return new Map(
    directions.map((direction) => {
      const own = all.filter(({ spec }) => spec?.policyTypes?.includes(direction.type));
      return [direction, own.length === 0 ? undefined : own.flatMap((policy) => pairs(policy, direction))];
    }),
  );
}

function pairs({ spec }: NetworkPolicy, { type }: Direction): string[] {
  const rules = (type === "Ingress" ? spec?.ingress : spec?.egress) ?? [];
  return rules.flatMap((rule) => {
    const peers = ("from" in rule ? rule.from : "to" in rule ? rule.to : undefined) as NetworkPolicyPeer[] | undefined;
    const ports = rule.ports as NetworkPolicyPort[] | undefined;
    const at = ports?.length ? ports.map(portWords) : ["every port"];
    return (peers?.length ? peers.map(peerWords) : ["everybody"]).flatMap((peer) =>
      at.map((port) => `${peer} at ${port}`),
    );
  });
}

const portWords = ({ port, endPort, protocol = "TCP" }: NetworkPolicyPort) =>
  `${protocol === "TCP" ? "" : `${protocol} `}${port ?? "every port"}${endPort ? ` to ${endPort}` : ""}`;

function peerWords({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): string {
  if (ipBlock) return [ipBlock.cidr, ...(ipBlock.except ?? []).map((cidr) => `but ${cidr}`)].join(" ");
  const [pods, spaces] = [podSelector, namespaceSelector].map((selector) => selector && selectorWords(selector));
  const place = spaces === undefined ? "" : ` of ${spaces ? `the namespaces with ${spaces}` : "every namespace"}`;
  return `${pods ? `the pods with ${pods}` : "every pod"}${place}`;
}

const selectorWords = ({ matchLabels = {}, matchExpressions = [] }: NonNullable<NetworkPolicyPeer["podSelector"]>) =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map((each) => JSON.stringify(each)),
  ].join(",");

interface Found {
  name: string;
  risk: Risk;
  what: string;
}

function changesOf(name: string, was: Access, is: Access): Found[] {
  return directions.flatMap((direction): Found[] => {
    const [before, now] = [was.get(direction), is.get(direction)];
    const all = ["everybody at every port"];
    const opened = news(before ?? all, now ?? all);
    const closed = news(now ?? all, before ?? all);
    const found = (risk: Risk) => (what: string) => ({ name, risk, what });
    return [
      ...said(direction.opens, opened).map(found("becomes public or loses protection")),
      ...said(direction.closes, closed).map(found("changes without a restart")),
    ];
  });
}

/** The pairs as sentences, the ports of one peer together. */
const said = (verb: string, pairs: readonly string[]): string[] =>
  [...Map.groupBy(pairs, (pair) => pair.split(" at ")[0])].map(
    ([peer, group]) => `${verb} ${peer} at ${listed(group.map((pair) => pair.split(" at ")[1] ?? ""))}`,
  );

/** What one list allows and the other does not; whom everybody includes is allowed already. */
const news = (from: readonly string[], to: readonly string[]) =>
  [...new Set(to)].filter((pair) => {
    const [peer = "", port = ""] = pair.split(" at ");
    const wider = [pair, `everybody at ${port}`, `${peer} at every port`, "everybody at every port"];
    return !wider.some((each) => from.includes(each));
  });
