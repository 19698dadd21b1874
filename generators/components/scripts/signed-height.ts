import { nodeHome } from "../../network/names.ts";

/** Where the pod keeps what its key has signed: a folder of the volume that a reset of data/ does not reach. */
export const signedHeightFolder = "/mnt/.signed-height";

/** The folder's name on the volume. In the node's container an empty one lies over it. */
export const signedHeightSubPath = ".signed-height";

/** Puts the signing state's file into $state, and its height into $height_signed: nothing where it has none. */
export const readSigningState = `state=${nodeHome}/data/priv_validator_state.json
text=
height_signed=
if [ -s "$state" ]; then
  while IFS= read -r line || [ "$line" ]; do text="$text$line"; done <"$state"
  if field "$text" height && number "$value"; then height_signed=$value; fi
fi`;

/**
 * - `noted` puts the greatest height that was noted into $mark, 0 where none was.
 * - `note HEIGHT` notes a height. There are two files, and a pod that is killed while it writes one has the other.
 */
export const signedHeightFunctions = `noted() {
  mark=0
  for file in ${signedHeightFolder}/even ${signedHeightFolder}/odd; do
    line=
    [ ! -s "$file" ] || IFS= read -r line <"$file" || continue
    if number "$line" && [ "$line" -gt "$mark" ]; then mark=$line; fi
  done
}
note() {
  case $1 in
  *[13579]) echo "$1" >${signedHeightFolder}/odd ;;
  *) echo "$1" >${signedHeightFolder}/even ;;
  esac
}
`;
