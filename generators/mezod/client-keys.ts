import { derived, free, type Key, reasoned } from "./key.ts";
import { listener, oneOf, text } from "./kinds.ts";

/** The keys of client.toml, which commands in a pod read. */
export const clientKeys: Record<string, Key> = {
  "chain-id": derived(text(/^[a-z]+_[1-9]\d*-[1-9]\d*$/, "a chain id")),
  "keyring-backend": reasoned(
    oneOf("file", "os", "kwallet", "pass", "test", "memory"),
    "commands in the pod would not find the keyring that is mounted there",
  ),
  output: free(oneOf("text", "json")),
  node: derived(listener),
  "broadcast-mode": free(oneOf("sync", "async")),
};
