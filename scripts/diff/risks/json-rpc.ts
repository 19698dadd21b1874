import { serversIn } from "../../objects/json-rpc.ts";
import type { Push } from "../push.ts";
import type { Consequence } from "../risk.ts";

const words = {
  validators: "validators alone",
  both: "all validators and the first RPC node",
  rpcNodes: "RPC nodes alone",
};

/** Who answers the public's JSON-RPC from now on. */
export function* jsonRpc({ network, was, is }: Push): Iterable<Consequence> {
  if (!network) return;
  const [before, now] = [was, is].map(({ manifests }) => serversIn(manifests, network));
  if (before === undefined || now === undefined || before === now) return;
  yield {
    risk: "changes without a restart",
    message: `JSON-RPC is answered by ${words[now]}, not by ${words[before]}.`,
  };
}
