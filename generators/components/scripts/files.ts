import type { BaseNetwork } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { gate } from "./gate.ts";
import { preflight } from "./preflight.ts";
import { readiness } from "./readiness.ts";

/** overlays/<network>/scripts: what becomes the ConfigMap of scripts that pods mount. */
export const scriptFiles = (network: BaseNetwork): Files => ({
  "gate.sh": gate(network),
  "preflight.sh": preflight(network),
  "readiness.sh": readiness(network),
});
