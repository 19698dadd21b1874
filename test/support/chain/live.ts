import { kubeconfigFile } from "tools/cluster/control-plane.ts";
import { connect, type Kube } from "tools/cluster/kube.ts";
import type { Place } from "tools/cluster/location.ts";
import { beforeAll, describe, inject } from "vitest";
import { type Chain, chain } from "./chain.ts";
import { type Operator, operator } from "./operator.ts";

/** What a test works with: the running network, from outside. */
export interface Live {
  place: Place;
  kube: Kube;
  nodes: Chain;
  at: Operator;
}

/** Tests with the running network, whole when they begin; skipped where there is none, prepare.ts says why. */
export function describeLive(name: string, tests: (live: () => Live) => void): void {
  const place = inject("place");
  describe.skipIf(!place)(name, () => {
    let live: Live;
    beforeAll(async () => {
      if (!place) return;
      const kube = await connect(kubeconfigFile(place));
      live = { place, kube, nodes: chain(place, kube), at: operator(place, kube) };
      await live.nodes.isWhole(120);
    });
    tests(() => live);
  });
}
