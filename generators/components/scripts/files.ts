import { planOf } from "../../network/release.ts";
import type { Network } from "../../network/schema.ts";
import { hasOwnSidecars } from "../../network/sidecars.ts";
import type { Files } from "../../tree.ts";
import { ethereumSidecar } from "./ethereum-sidecar.ts";
import { gate } from "./gate.ts";
import { launch } from "./launch.ts";
import { liveness } from "./liveness.ts";
import { preflight } from "./preflight.ts";
import { readiness } from "./readiness.ts";

/** overlays/<network>/scripts: what becomes the ConfigMap of scripts that pods mount. */
export const scriptFiles = (network: Network): Files => ({
  ...(hasOwnSidecars(network) && { "ethereum-sidecar.sh": ethereumSidecar(network) }),
  "gate.sh": gate(network),
  ...(planOf(network) && { "launch.sh": launch(network), "liveness.sh": liveness(network) }),
  "preflight.sh": preflight(network),
  "readiness.sh": readiness(network),
});
