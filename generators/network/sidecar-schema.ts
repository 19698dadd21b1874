import * as v from "valibot";
import { strict, text } from "./strict-schema.ts";
import { bytes, imageRepository, index, port, quantity } from "./values.ts";

const resources = strict({ cpu: quantity, memory: bytes });

/** What reads the bridge's events from an Ethereum node. Where it runs follows from the release: see sidecars.ts. */
export const ethereumSidecar = strict({
  port: v.optional(port, 7500),
  ethereumPorts: v.optional(
    v.pipe(v.array(port), v.minLength(1, "must hold the port of the Ethereum node's ws or wss URL")),
    [443],
  ),
  resources,
  /**
   * The validators that the bridge counts: those with the privilege `bridge` of x/poa. From v4 on each of them has a
   * sidecar of its own, and others need none. Without it, all of them.
   */
  bridge: v.optional(v.pipe(v.array(index), v.minLength(1, "must name at least one validator"))),
});

/** The price oracle Connect, one for each validator from v0.3 on. */
export const connectSidecar = strict({
  image: strict({
    repository: v.optional(imageRepository, "ghcr.io/skip-mev/connect-sidecar"),
    // A tag may move, and what it moves to tells the chain its prices.
    digest: text(/^sha256:[0-9a-f]{64}$/, "an image digest: sha256:<64 hex characters>"),
  }),
  port: v.optional(port, 8080),
  /** Where exchanges listen. Two of those that Connect asks have ports of their own: OKX 8443, Binance 9443. */
  exchangePorts: v.optional(v.pipe(v.array(port), v.minLength(1, "must hold a port of exchanges")), [443, 8443, 9443]),
  resources,
});
