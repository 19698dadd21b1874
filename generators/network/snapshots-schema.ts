import * as v from "valibot";
import { strict, text } from "./strict-schema.ts";
import { imageReference, index, whole } from "./values.ts";

// What a disk's snapshots cost grows with each, and the job lists all of them at each run.
const most = 100;
const kept = `must be 1 to ${most}`;

/** A volume by the node that writes it. */
const volume = v.union(
  [
    strict({ validator: index }),
    strict({ rpcNode: v.pipe(whole("must be the number of an RPC node"), v.minValue(0, "must be 0 or more")) }),
  ],
  "must be { validator: <its index> } or { rpcNode: <its number, from 0> }",
);

// As Kubernetes reads them: five fields of numbers, ranges, lists and steps, with names of months and of days. Its days of
// the week end with 6, and it knows none of the letters by which others say "the last one".
const field = (atom: string) => `(?:\\*|${atom}(?:-${atom})?)(?:/\\d+)?`;
const list = (atom: string) => `${field(atom)}(?:,${field(atom)})*`;
const number = list("\\d{1,2}");
const cron = new RegExp(
  `^${number} ${number} ${number} ${list("(?:\\d{1,2}|[A-Za-z]{3})")} ${list("(?:[0-6]|[A-Za-z]{3})")}$`,
);

/** The image of the job where a network names no other. */
export const snapshotsImage = "alpine/kubectl:1.37.1";

/** Copies of volumes, which a job makes in the cluster. */
export const snapshots = strict({
  of: v.pipe(v.array(volume), v.minLength(1, "must name at least one volume")),
  schedule: text(cron, 'a schedule of cron in UTC: minute, hour, day, month, day of the week, as in "0 3 * * *"'),
  keep: v.pipe(whole("must be a whole number"), v.minValue(1, kept), v.maxValue(most, kept)),
  /** The CSI driver of the volumes. */
  driver: v.optional(
    text(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/, "the name of a CSI driver, such as pd.csi.storage.gke.io"),
  ),
  image: v.optional(imageReference(snapshotsImage), snapshotsImage),
});
