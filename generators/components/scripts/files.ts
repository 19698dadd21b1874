import { planOf } from "../../network/release.ts";
import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { gate } from "./gate.ts";
import { launch } from "./launch.ts";
import { liveness } from "./liveness.ts";
import { preflight } from "./preflight.ts";
import { readiness } from "./readiness.ts";

/** overlays/<network>/scripts: what becomes the ConfigMap of scripts that pods mount. */
export const scriptFiles = (network: Network): Files => ({
  "gate.sh": gate(network),
  ...(planOf(network) && { "launch.sh": launch(), "liveness.sh": liveness(network) }),
  "preflight.sh": preflight(network),
  "readiness.sh": readiness(network),
});
