import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress } from "kubernetes-types/networking/v1.js";
import type { ChangedObject } from "../objects.ts";
import { keptKeyless, keptValidators, type Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";
import { settings } from "./chain.ts";

const risk = "becomes public or loses protection";

/** What everybody can reach from now on. */
export function* publicly(push: Push): Iterable<Consequence> {
  const opened = push.objects.flatMap((object) => openedPorts(object).map((port) => ({ id: object.id, port })));
  const byService = Map.groupBy(opened, ({ id }) => id);
  const alike = Map.groupBy(byService, ([, ports]) => listed(ports.map(({ port }) => port)));
  for (const [ports, services] of alike) {
    const ids = services.map(([id]) => id);
    yield { risk, message: `${listed(ids)} open${ids.length === 1 ? "s" : ""} ${ports} to everybody.` };
  }
  for (const object of push.objects) yield* ofIngress(object);
  for (const { path, was, is } of settings(push, [...keptValidators(push), ...keptKeyless(push)])) {
    const harm = harmOf(path, was, is);
    if (harm) yield { risk, message: harm };
  }
}

/** The ports at which a Service answers everybody and did not before. */
function openedPorts({ was, is }: ChangedObject): string[] {
  const before = publicPorts(was as Service | undefined);
  return publicPorts(is as Service | undefined).filter((port) => !before.includes(port));
}

function publicPorts(service: (Service & { kind?: string }) | undefined): string[] {
  if (service?.kind !== "Service" || !service.spec) return [];
  const { type, ports = [], externalIPs = [], loadBalancerSourceRanges = [] } = service.spec;
  const isPublic = type === "LoadBalancer" || type === "NodePort" || externalIPs.length > 0;
  const from = loadBalancerSourceRanges.length > 0 ? ` for ${loadBalancerSourceRanges.join(", ")}` : "";
  return isPublic ? ports.map(({ name, port }) => `${name ? `${name} ` : ""}${port}${from}`) : [];
}

function* ofIngress({ id, was, is }: ChangedObject): Iterable<Consequence> {
  if (is?.kind !== "Ingress") return;
  const [before, now] = [was, is] as [Ingress | undefined, Ingress];
  const served = backendsOf(now).filter((each) => !before || !backendsOf(before).includes(each));
  if (served.length > 0) yield { risk, message: `${id} serves ${listed(served)} to everybody.` };
  if (before && isEncrypted(before) && !isEncrypted(now)) yield { risk, message: `${id} has no certificate any more.` };
}

/** The Services that an Ingress leads to, as "name:port". */
const backendsOf = ({ spec }: Ingress): string[] =>
  [
    spec?.defaultBackend,
    ...(spec?.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend)),
  ].flatMap((backend) =>
    backend?.service ? [`${backend.service.name}:${backend.service.port?.number ?? backend.service.port?.name}`] : [],
  );

const isEncrypted = ({ spec, metadata }: Ingress) =>
  Boolean(spec?.tls?.length || Object.keys(metadata?.annotations ?? {}).some((name) => /cert|tls/i.test(name)));

/** What a changed setting of the node opens, in a sentence; undefined where it opens nothing. */
function harmOf(path: string, was: unknown, is: unknown): string | undefined {
  const words = (value: unknown) => String(value ?? "").split(",");
  if (path.endsWith("json-rpc.api")) {
    const more = words(is).filter((each) => each && !words(was).includes(each));
    return more.length > 0
      ? `JSON-RPC answers the namespace${more.length === 1 ? "" : "s"} ${listed(more)}, too.`
      : undefined;
  }
  if (is === true && /unsafe|cors|unprotected/.test(path)) return `${path} is on.`;
  if (is === true && /\.enable$/.test(path) && /^app\.toml (api|grpc|grpc-web|json-rpc)\./.test(path))
    return `${path} is on: the node answers there.`;
  if (JSON.stringify(is)?.includes('"*"') && /origins|methods|headers/.test(path))
    return `${path} lets every web page in.`;
  if (/(laddr|address|addr)$/.test(path) && !isLocal(is) && (isLocal(was) || was === "" || was === undefined))
    return `The node listens at ${is}, not at ${was || "no"} address (${path}).`;
  return undefined;
}

const isLocal = (address: unknown) => typeof address === "string" && /(^|\/\/)(localhost|127\.|\[::1\])/.test(address);
