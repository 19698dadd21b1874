import { identityFiles, keyringBaseFiles, nodeHome, nodeName } from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";

/**
 * The script that runs before the node, with only the builtins of the image's /bin/sh. It stops the pod where the node
 * would start and harm the chain:
 * - Without a key file mezod invents an identity.
 * - With a fresh signing state beside an existing chain it could sign a height twice.
 * - A second pod, which scaling the StatefulSet makes, has the same keys and a volume of its own, and signs twice too.
 *
 * POD_NAME must hold the pod's name.
 */
export function preflight(network: Pick<Network, "app">, index: number): string {
  const name = nodeName(network, index);
  const identity = identityFiles.map((file) => `config/${file}`);
  const keyring = [...keyringBaseFiles(network, index), "*.address"].map((file) => `keyring-file/${file}`);
  const files = [...identity, ...keyring].map((file) => `${nodeHome}/${file}`);
  return `set -eu
refuse() {
  echo "${name} will not start: $1" >&2
  exit 1
}
[ "$POD_NAME" = ${name}-0 ] || refuse "pod $POD_NAME would sign with the keys of ${name}-0. Scale back to one replica."
for file in ${files.join(" ")}; do
  [ -s "$file" ] || refuse "$file is missing or empty. Seal the keystore again."
done
data=${nodeHome}/data
state=$data/priv_validator_state.json
if [ ! -s "$state" ]; then
  for database in "$data"/*.db "$data"/cs.wal; do
    [ ! -e "$database" ] || refuse "priv_validator_state.json is missing or empty beside $database. A fresh one could sign a height twice: restore the last one, or one whose height is above the chain's."
  done
  umask 077
  echo '{"height":"0","round":0,"step":0}' > "$state"
fi
`;
}
