import type { Service } from "kubernetes-types/core/v1.js";
import { ofKind } from "../../objects/manifests.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const setting = "p2p.allow_duplicate_ip";

export default {
  id: "require-distinct-peer-addresses",
  why: "With the policy Cluster all peers come from the addresses of machines, and a node that takes one peer an address refuses the others: five validators had one or two peers instead of four.",
  fix: "Restore externalTrafficPolicy in generators/components/validator/overlay.ts.",
  brokenBy: "generator",
  *check(manifests) {
    // A node that takes several peers from one address can live with either policy.
    if (settingsAt(manifests, "config.toml", setting).every(({ value }) => value === true)) return;
    for (const service of ofKind<Service>(manifests, "Service")) {
      const { type, externalTrafficPolicy, ports = [] } = service.spec ?? {};
      if (type !== "LoadBalancer" || !ports.some(({ name }) => name === "p2p")) continue;
      if (externalTrafficPolicy === "Local") continue;
      const message = `must be Local while config.toml has ${setting} = false, is ${externalTrafficPolicy ?? "missing"}`;
      yield finding(service, "spec.externalTrafficPolicy", message);
    }
  },
} satisfies Rule;
