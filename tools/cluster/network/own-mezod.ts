import type { Network } from "generators/network/schema.ts";
import { type OwnMezod, ownMezod, requireOwnMezods } from "../../mezod/own.ts";

/**
 * Tests the programs that MEZOD and MEZOD_NEXT name, and warns where the network is rendered for another release
 * than the one that will run it.
 *
 * @throws {OperatorError} when one of them is no mezod that runs here, or they do not go together.
 */
export function checkOwnMezods({ name, image }: Network): void {
  requireOwnMezods();
  const own = ownMezod("MEZOD");
  const warning = own && releaseWarning(own, image.tag, name);
  if (warning) console.error(`warning: ${warning}`);
}

/** What to tell an operator whose program is another release than the one that a network is rendered for, if it is. */
export function releaseWarning(own: OwnMezod, tag: string | undefined, network = "local"): string | undefined {
  if (own.validators === "staking" || own.release === tag) return undefined;
  const rendered = `generators/networks/${network}.ts is rendered for ${tag}`;
  return own.release
    ? `MEZOD=${own.path} is ${own.release}, and ${rendered}: set image.tag there to ${own.release}, so that its files fit the program`
    : `MEZOD=${own.path} calls itself "${own.version}", which is no release, and ${rendered}: make sure that this is the one it was built from`;
}
