import * as v from "valibot";
import { strict, text } from "./strict-schema.ts";

/** The cluster that Argo CD runs in, as it calls it by its server. By name it is `in-cluster`. */
export const ownCluster = "https://kubernetes.default.svc";

const elsewhere = "leave `destination` out for the cluster that Argo CD runs in";

// An AppProject takes both as patterns, so neither may hold what a pattern gives a meaning: * ? [ ] { } ! \.
const name = v.pipe(
  text(/^[A-Za-z0-9][\w.:@/-]{0,252}$/, "a cluster's name in Argo CD, as `argocd cluster list` prints it"),
  v.check((value) => value !== "in-cluster", elsewhere),
);
const server = v.pipe(
  text(
    /^https:\/\/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?(:[1-9]\d{0,4})?(\/[\w./-]*[\w])?$/,
    "the URL of a cluster's API server, as `argocd cluster list` prints it, such as https://203.0.113.7",
  ),
  v.check((value) => value !== ownCluster, elsewhere),
);

/** Another cluster than that of Argo CD, by its name there or by its server: Argo CD takes one of the two. */
export const destination = v.union(
  [strict({ name }), strict({ server })],
  'must be { name: "<cluster>" } or { server: "https://…" }, as `argocd cluster list` prints them',
);

interface Deployed {
  destination?: v.InferOutput<typeof destination> | undefined;
}

/** The cluster that Argo CD deploys a network to, as an Application and an AppProject say it. */
export const destinationOf = ({ destination }: Deployed) => destination ?? { server: ownCluster };

/** The same as one word: a server's URL, or `argocd:` and a name. */
export function destinationId(argocd: Deployed): string {
  const destination = destinationOf(argocd);
  return "name" in destination ? `argocd:${destination.name}` : destination.server;
}
