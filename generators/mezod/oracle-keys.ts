import { bounded, derived, reasoned } from "./key.ts";
import { duration, hostAndPort, oneOf } from "./kinds.ts";
import type { NewKey } from "./line.ts";

const quotedBool = oneOf("true", "false");

/** The keys of app.toml's section about the price oracle. v0.3 and v0.4 write 0s for the last two, and read it as these. */
export const oracleKeys: Record<string, NewKey> = {
  "oracle.enabled": { value: "true", ...reasoned(quotedBool, "the validator would vote for no price") },
  // All validators share the file, and each has a Connect of its own: an environment variable says which.
  "oracle.oracle_address": {
    value: "localhost:8080",
    ...derived(hostAndPort),
    from: { field: "connectSidecar", value: () => "localhost:8080" },
  },
  "oracle.client_timeout": {
    value: "2s",
    ...bounded(duration("1ns"), duration("100ms", "5s"), "a vote waits that long for prices"),
  },
  "oracle.metrics_enabled": { value: "true", kind: quotedBool, change: "free" },
  "oracle.price_ttl": { value: "10s", kind: duration("1ns", "1m"), change: "free" },
  "oracle.interval": { value: "1.5s", kind: duration("1ns", "1m"), change: "free" },
};
/** The flags that set the first of them. */
export const oracleFlags = ["enabled", "oracle_address", "client_timeout", "metrics_enabled"].map(
  (key) => `--oracle.${key}`,
);
