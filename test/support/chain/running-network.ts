import { connect, type Kube } from "tools/cluster/kubernetes/client.ts";
import type { ClusterLocation } from "tools/cluster/location.ts";
import { kubeconfigFile } from "tools/cluster/parts/credentials.ts";
import { beforeAll, describe, inject } from "vitest";
import { type Chain, chainOf } from "./chain.ts";
import { type Operator, operatorOf } from "./operator.ts";

/** What a test works with: the network as it runs, from outside. */
export interface RunningNetwork {
  location: ClusterLocation;
  kube: Kube;
  chain: Chain;
  operator: Operator;
}

/**
 * `describe` for tests with the running network, in which every node is in step when they start. They are skipped where
 * no network runs; prepare.ts says why.
 *
 * @param skipped why they can't run with the program that the network runs, for their name.
 */
export function describeRunningNetwork(
  name: string,
  tests: (network: () => RunningNetwork) => void,
  skipped?: string,
): void {
  const location = inject("location");
  describe.skipIf(!location || skipped)(skipped ? `${name} (skipped: ${skipped})` : name, () => {
    let network: RunningNetwork;
    beforeAll(async () => {
      if (!location) return;
      const kube = await connect(kubeconfigFile(location));
      network = { location, kube, chain: chainOf(location, kube), operator: operatorOf(location, kube) };
      await network.chain.inStep(120);
    });
    tests(() => network);
  });
}
