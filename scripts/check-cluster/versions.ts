import type { Network } from "generators/network/schema.ts";
import { type Fact, factOf } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

// Between these the schemas lie against which `pnpm validate` checks every object.
const [oldest, newest] = [33, 37];
// https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/, PodLifecycleSleepAction
const sleeps = 30;

/** The API server's version, such as v1.33.4-gke.1000. */
export const collectVersion = ({ api }: Subject): Promise<Fact<string>> =>
  factOf(api.request("/version").then(({ gitVersion }) => gitVersion));

/** Whether Kubernetes has what the objects use, and is the one that the network names. */
export function judgeVersion({ gke }: Network, fact: Fact<string>): Verdict[] {
  const about = "Kubernetes";
  if ("unknown" in fact) return [warning(about, `does not tell its version (${fact.unknown})`, "See kubectl version.")];
  const version = fact.value;
  const minor = Number(/^v?1\.(\d+)/.exec(version)?.[1]);
  const declared = gke && Number(gke.version.split(".")[1]);
  const upgrade = "Upgrade the cluster before the first sync.";
  if (minor < sleeps)
    return [error(about, `is ${version}: before 1.${sleeps} no pod can wait before it stops`, upgrade)];
  if (declared !== undefined && minor < declared) {
    return [error(about, `is ${version}; the network says ${gke?.version} or newer in gke.version`, upgrade)];
  }
  if (minor < oldest || minor > newest) {
    const says = `is ${version}: objects are checked against 1.${oldest} to 1.${newest} alone`;
    return [warning(about, says, "Try the change on a cluster of that version first.")];
  }
  return [ok(about, `is ${version}`)];
}
