import { lineOf, lines } from "../../mezod/releases.ts";
import { isVersion } from "../../mezod/version.ts";
import { imageName } from "../names.ts";
import type { Problem } from "../problem.ts";
import { releaseIn } from "../release.ts";
import { tolerated } from "../rollout.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";

// Tags that a registry moves: the same manifest would start another program tomorrow.
const movingTags = ["latest", "main", "master", "edge", "stable", "nightly", "dev"];

function* releases({ image, stagedUpgrade, upgrade }: Network): Iterable<Problem> {
  for (const [field, release] of Object.entries({ image, stagedUpgrade, upgrade })) {
    if (!release) continue;
    const { tag, digest } = release;
    if (tag && movingTags.includes(tag)) {
      yield { path: [field, "tag"], value: tag, message: "moves: pin a release (v0.2.0-rc3) or a digest" };
    } else if (tag && digest) {
      const message = "must have a tag or a digest, not both: the digest alone decides what runs";
      yield { path: [field], value: { tag, digest }, message };
    } else if (!tag && !digest) {
      yield { path: [field], value: { tag, digest }, message: "must have a tag or a digest" };
    } else yield* knownRelease(field, release);
  }
}

/** What a validator's files hold follows from its release, so an image says which one it has. */
function* knownRelease(field: string, { tag, release }: Omit<Network["image"], "repository">): Iterable<Problem> {
  const isSaid = tag !== undefined && isVersion(tag);
  if (isSaid && release !== undefined) {
    yield { path: [field, "release"], value: release, message: `must be left out: the tag ${tag} says it` };
  } else if (!isSaid && release === undefined) {
    const image = tag === undefined ? "a digest" : `the tag ${tag}`;
    const message = `must be the release of mezod in the image, such as ${lines[0].run}: ${image} does not say it`;
    yield { path: [field, "release"], value: release, message };
  } else if (!lineOf(releaseIn({ tag, release }))) {
    const message = `is older than ${lines[0].from}, the first release whose files are known`;
    yield { path: [field, isSaid ? "tag" : "release"], value: releaseIn({ tag, release }), message };
  }
}

function* stagedValidators({ stagedUpgrade, validators }: Network): Iterable<Problem> {
  if (!stagedUpgrade) return;
  const path = ["stagedUpgrade", "validators"];
  const { validators: staged } = stagedUpgrade;
  for (const [position] of repeated(staged)) {
    yield { path: [...path, position], value: staged[position], message: "is listed twice" };
  }
  for (const [position, index] of staged.entries()) {
    if (index < validators.length) continue;
    const message = `must be below ${validators.length}, the number of validators`;
    yield { path: [...path, position], value: index, message };
  }
  const most = tolerated(validators.length);
  if (staged.length > most) {
    const message = `must name at most ${most} of the ${validators.length} validators: more than two thirds must stay up`;
    yield { path, value: staged, message };
  }
}

/** Kustomize finds the images to replace by their name, so the replacement must have another. */
function* replaceableImage(network: Network): Iterable<Problem> {
  const { repository } = network.image;
  if (!network.stagedUpgrade || repository !== imageName(network)) return;
  const message = "must include a registry or folder when stagedUpgrade is set";
  yield { path: ["image", "repository"], value: repository, message };
}

export const imageChecks: Check[] = [releases, stagedValidators, replaceableImage];
