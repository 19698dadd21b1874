import type { Verdict } from "../lib/verdict.ts";
import { collectArgocd, judgeArgocd } from "./argocd.ts";
import { collectCloud, judgeCloud } from "./cloud.ts";
import { judgeMachines } from "./judge-machines.ts";
import { collectKinds, judgeKinds } from "./kinds.ts";
import { collectMachines } from "./machines.ts";
import { collectObjects, judgeObjects } from "./objects.ts";
import { collectEnforcer, judgeEnforcer } from "./policies.ts";
import { collectSealing, judgeSealing } from "./sealing.ts";
import { collectDrivers, judgeDrivers } from "./snapshots.ts";
import { collectStorage, judgeStorage } from "./storage.ts";
import type { Subject } from "./subject.ts";
import { collectTrials, judgeTrials } from "./trial-pods.ts";
import { collectVersion, judgeVersion } from "./versions.ts";

/**
 * Everything that must be so before the first sync, in the order in which it is repaired.
 *
 * @param pods whether two short-lived pods may be made.
 */
export async function checkCluster(subject: Subject, pods: boolean): Promise<Verdict[]> {
  const { network } = subject;
  // The first answer tells whether the API server is there at all.
  const version = await collectVersion(subject);
  const [kinds, argocd, storage, drivers, machines, enforcer, sealing, cloud, objects] = await Promise.all([
    collectKinds(subject),
    collectArgocd(subject),
    collectStorage(subject),
    collectDrivers(subject),
    collectMachines(subject),
    collectEnforcer(subject),
    collectSealing(subject),
    collectCloud(subject),
    collectObjects(subject),
  ]);
  return [
    ...judgeVersion(network, version),
    ...judgeKinds(subject, kinds),
    ...judgeArgocd(network, argocd),
    ...judgeStorage(network, storage),
    ...judgeDrivers(network, drivers),
    ...judgeMachines(network, machines),
    ...judgeEnforcer(network, enforcer),
    ...judgeSealing(sealing),
    ...judgeCloud(network, cloud),
    ...judgeObjects(objects),
    ...(pods ? judgeTrials(network, await collectTrials(subject)) : []),
  ];
}
