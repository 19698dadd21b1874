import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1.js";
import { type Manifest, sibling, workloads } from "../../objects/manifests.ts";
import { policiesOf } from "../../objects/policies.ts";
import type { Push } from "../push.ts";
import { type Consequence, listed, type Risk } from "../risk.ts";

const directions = [
  { type: "Ingress", opens: "can be reached from", closes: "can't be reached any more from" },
  { type: "Egress", opens: "can reach", closes: "can't reach any more" },
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
    return [
      ...opened.map(
        (what): Found => ({ name, risk: "becomes public or loses protection", what: said(direction.opens, what) }),
      ),
      ...closed.map((what): Found => ({ name, risk: "changes without a restart", what: said(direction.closes, what) })),
    ];
  });
}

const said = (verb: string, what: string) => `${verb} ${what}`;

/** What one list allows and the other does not; whom everybody includes is allowed already. */
const news = (from: readonly string[], to: readonly string[]) =>
  [...new Set(to)].filter((pair) => {
    const [peer = "", port = ""] = pair.split(" at ");
    const wider = [pair, `everybody at ${port}`, `${peer} at every port`, "everybody at every port"];
    return !wider.some((each) => from.includes(each));
  });
