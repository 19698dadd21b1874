import { nodeHome } from "../../network/names.ts";

/** Where the pod has the image of the release that the plan brings. */
export const nextFolder = "/next";

/** The program of that release. Its name stays, because the node's variables begin with the name of its file. */
export const nextProgram = `${nextFolder}/usr/bin/mezod`;

/** Where a pod notes which program its node is: a file that the node's container alone writes, anew with each start. */
export const programFile = "$HOME/program";

/** Where the sidecar in that pod finds the folder with this file. */
export const nodeNotes = "/node";

/**
 * `planned` is whether the old release has stopped for this very plan, and written so. Any other name or height is
 * another plan: one that was carried out before, or is to be carried out by another release. It needs `field`. From the
 * environment come UPGRADE_NAME, and UPGRADE_HEIGHT, the height that the old release writes.
 */
export const plannedFunction = `planned() {
  info=${nodeHome}/data/upgrade-info.json
  text=
  [ -s "$info" ] || return 1
  while IFS= read -r line || [ "$line" ]; do text="$text$line"; done <"$info"
  field "$text" name && [ "$value" = "$UPGRADE_NAME" ] || return 1
  field "$text" height && [ "$value" = "$UPGRADE_HEIGHT" ]
}
`;
