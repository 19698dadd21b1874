import { isDeepStrictEqual } from "node:util";
import { jsonRpcSelector } from "generators/network/keyless.ts";
import { servers } from "generators/network/keyless-schema.ts";
import { rpcName } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import type { Service } from "kubernetes-types/core/v1.js";
import { type Manifest, ofKind } from "./manifests.ts";

/** The Service of the public's JSON-RPC; undefined where there is none. */
export const jsonRpcService = (manifests: readonly Manifest[], network: Pick<Network, "app">) =>
  ofKind<Service>(manifests, "Service").find(({ metadata }) => metadata.name === rpcName(network));

/** Whom the public's JSON-RPC leads to in an overlay; undefined where it leads to nobody that a network could say. */
export function serversIn(manifests: readonly Manifest[], { app }: Pick<Network, "app">) {
  const selector = jsonRpcService(manifests, { app })?.spec?.selector;
  return servers.find((jsonRpcServedBy) => isDeepStrictEqual(selector, jsonRpcSelector({ app, jsonRpcServedBy })));
}
