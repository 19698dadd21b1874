import type { CronJob } from "kubernetes-types/batch/v1.js";
import { ofKind } from "../../objects/manifests.ts";
import type { Side } from "../objects.ts";
import type { Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

const harmless = "changes without a restart";
const unprotected = "becomes public or loses protection";

/** Snapshots of volumes: whose, when, and how many stay. */
export function* snapshots(push: Push): Iterable<Consequence> {
  const [was, is] = [madeBy(push.was), madeBy(push.is)];
  if (!was && is) {
    const message = `Snapshots of the volumes of ${listed(is.pods)} are made from now on (${is.schedule} in UTC), and ${is.keep} of each are kept. No pod restarts. The job that makes them has a token of the Kubernetes API, which can make and delete VolumeSnapshots in the namespace and nothing else.`;
    yield { risk: harmless, message };
  }
  // An overlay that is gone leaves everything as it is.
  if (was && !is && push.is.manifests.length > 0) {
    const message = `No more snapshots are made, of the volumes of ${listed(was.pods)}. No pod restarts. Those that there are stay, and can be used without their class; nobody deletes any of them from now on.`;
    yield { risk: unprotected, message };
  }
  if (was && is) yield* between(was, is);
}

function* between(was: Made, is: Made): Iterable<Consequence> {
  const without = (pods: readonly string[], others: readonly string[]) => pods.filter((pod) => !others.includes(pod));
  const [gone, come] = [without(was.pods, is.pods), without(is.pods, was.pods)];
  if (come.length > 0) {
    yield { risk: harmless, message: `Snapshots of the volumes of ${listed(come)} are made, too. No pod restarts.` };
  }
  if (gone.length > 0) {
    const message = `No more snapshots are made of the volumes of ${listed(gone)}; those that there are stay, and nobody deletes any of them from now on.`;
    yield { risk: unprotected, message };
  }
  if (is.keep < was.keep) {
    const message = `${is.keep} snapshots of each volume are kept, not ${was.keep}: the next run deletes older ones.`;
    yield { risk: unprotected, message };
  } else if (is.keep > was.keep) {
    yield { risk: harmless, message: `${is.keep} snapshots of each volume are kept, not ${was.keep}.` };
  }
  if (is.schedule !== was.schedule) {
    yield { risk: harmless, message: `Snapshots are made at other times: ${is.schedule} in UTC, not ${was.schedule}.` };
  }
  if (is.driver !== was.driver) {
    const message = `Snapshots are made by the driver ${is.driver}, not ${was.driver}; those that there are keep theirs.`;
    yield { risk: harmless, message };
  }
}

type Made = NonNullable<ReturnType<typeof madeBy>>;

/** What the job of one side makes; undefined where there is none. */
function madeBy({ manifests }: Side) {
  const [job] = ofKind<CronJob>(manifests, "CronJob");
  const [container] = job?.spec?.jobTemplate.spec?.template.spec?.containers ?? [];
  if (!job || !container) return undefined;
  const value = (name: string) => container.env?.find((each) => each.name === name)?.value ?? "";
  const [snapshotClass] = ofKind<{ driver?: string }>(manifests, "VolumeSnapshotClass");
  return {
    pods: value("VOLUMES")
      .split(" ")
      .map((word) => word.split("=")[0] ?? ""),
    keep: Number(value("KEEP")),
    schedule: job.spec?.schedule ?? "",
    driver: snapshotClass?.driver ?? "",
  };
}
