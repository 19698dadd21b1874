import { heightOfStop } from "generators/mezod/upgrade-path.ts";
import { compareVersions, isVersion } from "generators/mezod/version.ts";
import { networkFile } from "generators/network/paths.ts";
import { imageOf, planOf, releaseIn } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import type { Manifest } from "../../objects/manifests.ts";
import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-dropped-upgrades",
  why: "A validator that has passed an upgrade does not start with the release before it.",
  fix: "Where the chain has passed the upgrade, put it back and run `pnpm finish-upgrade <network>`; where the chain has cancelled the plan or moved it, this is right.",
  brokenBy: "network",
  *check(_manifests, network, before = []) {
    for (const { commit, manifests = [] } of before) {
      const was = network && plannedIn(manifests);
      if (!was || isKept(network, was) || isFinished(network, was)) continue;
      const message = `the upgrade ${was.name} of commit ${commit} is gone, and the image is still ${releaseIn(imageOf(network))}`;
      yield { severity: "warning", object: networkFile(network.name), field: "upgrade", message };
      return;
    }
  },
} satisfies Rule;

/** A plan as the pods of a commit had it. */
interface Planned {
  name: string;
  /** The height at which the old release stops. */
  height: number;
  /** The tag of the new release, where it has one. */
  tag?: string | undefined;
}

function plannedIn(manifests: readonly Manifest[]): Planned | undefined {
  const [validator] = validatorSets(manifests);
  const variables = (validator && nodeContainer(validator)?.env) ?? [];
  const variable = (name: string) => variables.find((each) => each.name === name)?.value;
  const name = variable("UPGRADE_NAME");
  if (name === undefined) return undefined;
  const volumes = (validator?.spec.template.spec?.volumes ?? []) as { image?: { reference: string } }[];
  const tag = /^[^@]*:([^:@/]+)$/.exec(volumes.find(({ image }) => image)?.image?.reference ?? "")?.[1];
  return { name, height: Number(variable("UPGRADE_HEIGHT")), tag };
}

function isKept(network: Network, { name, height }: Planned): boolean {
  const plan = planOf(network);
  return plan?.name === name && heightOfStop(plan, releaseIn(plan)) === height;
}

/** Whether the release that the plan brought, or a later one, is the network's by now. */
function isFinished(network: Network, { tag }: Planned): boolean {
  const now = releaseIn(imageOf(network));
  // A digest does not say which release it was.
  return tag === undefined || ([now, tag].every(isVersion) && compareVersions(now, tag) >= 0);
}
