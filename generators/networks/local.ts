import type { NetworkDeclaration } from "../network/schema.ts";
import staging from "./staging.ts";

/** The staging network on any Kubernetes: nothing of a cloud, and small. */
export default {
  name: "local",
  app: staging.app,
  namespace: "mezo-local",
  lifecycle: "new",
  // Another epoch, so that nothing signed here counts on staging.
  chain: { ...staging.chain, id: "mezo_31611-10" },
  image: { repository: "mezo-node", tag: "v0.2.0-rc3" },
  genesis: staging.genesis,
  // `size: 3` here would run only the first three validators. `pnpm run import local` replaces them and adds more.
  peering: "services",
  rollout: "one-at-a-time",
  spread: "preferred",
  resources: { cpu: "100m", memory: "1Gi" },
  storage: { size: "1Gi", accessMode: "ReadWriteOnce" },
  ethereumSidecar: {
    ethereumPorts: [443, 8545, 8546],
    resources: { cpu: "10m", memory: "128Mi" },
  },
  settings: {
    config: {
      // Peers are known by cluster addresses, which the address book counts as unroutable.
      p2p: { addr_book_strict: false },
      // A block each second: whoever tries something waits for blocks.
      consensus: { timeout_propose: "1s", timeout_commit: "1s" },
    },
  },
} satisfies NetworkDeclaration;
