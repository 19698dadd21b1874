import * as v from "valibot";
import { isVersion } from "../mezod/version.ts";
import { strict, text } from "./strict-schema.ts";
import { count, index } from "./values.ts";

const expectedRelease = "must be a release of mezod such as v0.2.0-rc3";

/** A release, as an image has it. */
export const release = {
  tag: v.optional(text(/^[\w][\w.-]{0,127}$/, "an image tag")),
  digest: v.optional(text(/^sha256:[0-9a-f]{64}$/, "an image digest: sha256:<64 hex characters>")),
  /** The release of mezod in the image, which a digest does not say. */
  release: v.optional(v.pipe(v.string(expectedRelease), v.check(isVersion, expectedRelease))),
};

/** A newer release that some validators run first. The others run the network's image. */
export const stagedUpgrade = strict({
  ...release,
  validators: v.pipe(v.array(index), v.minLength(1, "must name at least one validator")),
});

const eitherUpgrade =
  'must be { name: "v0.3.0", height: 1093500, tag: "v0.3.0-rc3" } for a halt at that height, or { before: 1745000, tag: "v0.4.0-rc1" } for a fork';

/**
 * The release that follows the network's image. At a halt, which has a name and a height, it lies beside the old one in
 * every pod and starts by itself. A fork is in the code of both, so the release runs at once, in good time before it.
 */
export const upgrade = v.union(
  [
    strict({
      // x/upgrade's name of the plan, by which a release has its handler.
      name: text(/^[A-Za-z0-9][\w.+-]{0,99}$/, "the name of the plan on the chain, such as v0.3.0"),
      height: count,
      ...release,
    }),
    strict({ before: count, ...release }),
  ],
  eitherUpgrade,
);

/** What only an emergency asks of every node. */
export const emergency = strict({
  /** Heights of plans that every node passes without an upgrade. */
  skipUpgrades: v.optional(v.array(count), []),
});
