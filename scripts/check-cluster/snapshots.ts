import type { Network } from "generators/network/schema.ts";
import { snapshotDriver } from "generators/network/snapshots.ts";
import { type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

/** The names of the cluster's CSI drivers; undefined where nobody makes snapshots. */
export async function collectDrivers({ api, network }: Subject): Promise<Fact<string[]> | undefined> {
  if (!network.snapshots) return undefined;
  const list = api.request("/apis/storage.k8s.io/v1/csidrivers");
  return factOf(list.then(({ items }) => items.map(({ metadata }: KubeObject) => metadata.name)));
}

/** Whether the driver that is to make snapshots is there. Whether it can make any, only its first one shows. */
export function judgeDrivers(network: Network, fact: Fact<string[]> | undefined): Verdict[] {
  const driver = snapshotDriver(network);
  if (!fact || !driver) return [];
  const about = "snapshots";
  if ("unknown" in fact) {
    return [warning(about, `may have no CSI driver ${driver} (${fact.unknown})`, "See kubectl get csidrivers.")];
  }
  if (fact.value.includes(driver)) return [ok(about, `are made by the CSI driver ${driver}, which the cluster has`)];
  const says = `want the CSI driver ${driver}; the cluster has ${fact.value.join(", ") || "none"}`;
  return [error(about, says, "Install it, or name in snapshots.driver the one that makes the volumes.")];
}
