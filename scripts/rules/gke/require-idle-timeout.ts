import { seconds } from "generators/mezod/duration.ts";
import { ofKind } from "../../objects/manifests.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// In seconds. "External Application Load Balancer overview", on the backend HTTP keepalive timeout: it is fixed, and a
// backend's own must be greater.
const frontEnds = 600;

export default {
  id: "require-idle-timeout",
  why: "Google's front ends send a request over an idle connection that the node closes at that moment, and the client gets 502.",
  fix: "Set `json-rpc.http-idle-timeout` in the network's `settings.app` to more than 10m0s, or leave it out.",
  brokenBy: "network",
  *check(manifests) {
    if (ofKind(manifests, "Ingress").length === 0) return;
    for (const { configMap, field, keyless, value } of settingsAt(
      manifests,
      "app.toml",
      "json-rpc.http-idle-timeout",
    )) {
      // Between the front ends and an RPC node is its proxy, which keeps no connection to it.
      if (keyless === "rpc-node") continue;
      if (typeof value === "string" && seconds(value) > frontEnds) continue;
      const message = `must be more than ${frontEnds} seconds, such as 10m20s; is ${value ?? "missing"}`;
      yield finding(configMap, field, message);
    }
  },
} satisfies Rule;
