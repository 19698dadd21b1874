import { firstOrdinal } from "generators/network/keyless.ts";
import type { Network } from "generators/network/schema.ts";
import { isPaused } from "generators/network/validators.ts";
import type { Fact } from "../lib/cluster/api.ts";
import { quietly } from "../lib/program.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

interface Address {
  name: string;
  /** Empty for a global one. */
  region: string;
  address: string;
}

/** What Google Cloud has for the network: reserved addresses, and certificates by name with their state. */
export interface CloudFacts {
  addresses: Fact<Address[]>;
  certificates: Fact<{ name: string; state: string }[]>;
}

/** Asks gcloud; undefined where the network is not on GKE. */
export async function collectCloud({ network: { gke } }: Subject): Promise<CloudFacts | undefined> {
  if (!gke) return undefined;
  const [addresses, certificates] = await Promise.all([
    gcloud(["addresses", "list"], gke.project),
    gcloud(["ssl-certificates", "list"], gke.project),
  ]);
  return {
    addresses: mapped(addresses, ({ name, region = "", address }) => ({
      name,
      region: region.split("/").at(-1) ?? "",
      address,
    })),
    certificates: mapped(certificates, ({ name, managed }) => ({ name, state: managed?.status ?? "ACTIVE" })),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what gcloud prints as JSON.
type Item = any;

async function gcloud(words: string[], project: string): Promise<Fact<Item[]>> {
  const { exitCode, stdout, stderr } = await quietly`gcloud compute ${words} --project ${project} --format json`;
  if (exitCode === 127) return { unknown: "gcloud is not on this machine" };
  if (exitCode !== 0) return { unknown: stderr.trim().split("\n")[0] ?? `gcloud ended with ${exitCode}` };
  return { value: JSON.parse(stdout) };
}

const mapped = <T>(fact: Fact<Item[]>, map: (item: Item) => T): Fact<T[]> =>
  "value" in fact ? { value: fact.value.map(map) } : fact;

/** Whether the load balancers find the addresses and certificates that the network names. */
export function judgeCloud(network: Network, facts: CloudFacts | undefined): Verdict[] {
  const { gke } = network;
  if (!gke || !facts) return [];
  return [...judgeAddresses(network, gke, facts.addresses), ...judgeCertificates(gke, facts.certificates)];
}

type Gke = NonNullable<Network["gke"]>;

function judgeAddresses(network: Network, gke: Gke, fact: CloudFacts["addresses"]): Verdict[] {
  const about = "addresses";
  if ("unknown" in fact)
    return [
      warning(
        about,
        `were not looked at: ${fact.unknown}`,
        `Look yourself: gcloud compute addresses list --project ${gke.project}.`,
      ),
    ];
  const wanted = [
    ...network.validators
      .filter(({ index }) => !isPaused(network, index))
      .map(({ index, address }) => ({
        name: gke.nodeAddress.replace("{index}", String(index)),
        region: gke.region,
        address,
      })),
    ...[gke.rpcNodeAddress, ...seedAddresses(network, gke)].flatMap((name) =>
      name === undefined ? [] : [{ name, region: gke.region, address: undefined }],
    ),
    ...[gke.jsonRpc, gke.jsonRpcWs].map(({ address: name }) => ({ name, region: "", address: undefined })),
  ];
  const found = wanted.flatMap(({ name, region, address }): Verdict[] => {
    const place = region ? `in region ${region}` : "among the global ones";
    const reserved = fact.value.find((each) => each.name === name && each.region === region);
    if (!reserved) {
      const flag = region ? `--region ${region}` : "--global";
      return [
        error(
          about,
          `lack ${name} ${place}`,
          `Reserve it: gcloud compute addresses create ${name} ${flag} --project ${gke.project}.`,
        ),
      ];
    }
    if (address === undefined || reserved.address === address) return [];
    return [
      error(
        about,
        `have ${reserved.address} as ${name}; validators.json says ${address}`,
        "Write the reserved one, or reserve the one that is written.",
      ),
    ];
  });
  return found.length > 0 ? found : [ok(about, `all ${wanted.length} that the network names are reserved`)];
}

const seedAddresses = ({ seedNodes }: Network, { seedAddress }: Gke) =>
  (seedNodes?.hosts ?? []).map((_, i) => seedAddress?.replace("{index}", String(firstOrdinal("seed") + i)));

function judgeCertificates(gke: Gke, fact: CloudFacts["certificates"]): Verdict[] {
  const about = "certificates";
  if ("unknown" in fact)
    return [
      warning(
        about,
        `were not looked at: ${fact.unknown}`,
        `Look yourself: gcloud compute ssl-certificates list --project ${gke.project}.`,
      ),
    ];
  const wanted = [gke.jsonRpc.certificate, gke.jsonRpcWs.certificate];
  const found = wanted.flatMap((name): Verdict[] => {
    const made = fact.value.find((each) => each.name === name);
    if (!made) return [error(about, `lack ${name}`, "Make it, or name another one in the network's gke.")];
    if (made.state === "ACTIVE") return [];
    return [
      warning(about, `have ${name}, which is ${made.state}`, "Wait, and see that the DNS name leads to the address."),
    ];
  });
  return found.length > 0 ? found : [ok(about, `all ${wanted.length} that the network names are there`)];
}
