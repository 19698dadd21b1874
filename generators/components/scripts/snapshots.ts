// In seconds. A job that gives up goes on with the same snapshots once more.
export const snapshotPatience = 1800;

/**
 * The script of the job that makes snapshots: one of each volume, all at once; then it waits until each can be used, and
 * deletes what is more than the network keeps. It ends well only when all can be used.
 *
 * It touches nothing but what has its labels. Of a volume whose new snapshot can't be used it deletes nothing at all.
 * Snapshots that never could be used, and are older than one that can, go with the next that can.
 *
 * kubectl does not compare what it makes with the API server's schemas, which are megabytes for these few lines.
 *
 * From the environment come APP and NETWORK, which the labels say; VOLUMES, a word "pod=claim" for each; CLASS, the
 * VolumeSnapshotClass; KEEP, how many stay of each volume; JOB, the job's own name, by which a second try finds what the
 * first one made.
 */
export const snapshots = `set -u
labels="app=$APP,type=snapshot,network=$NETWORK"
failed=
fail() {
  echo "$1" >&2
  failed=yes
}
found() { # what a selector finds, the oldest first: a word "name=true" for each that can be used, "name=" for others
  kubectl get volumesnapshots --selector "$1" --sort-by .metadata.name --output 'jsonpath={range .items[*]}{.metadata.name}={.status.readyToUse} {end}'
}
take() { # puts the name of this job's snapshot into $name, and makes it where there is none
  words=$(found "$labels,pod=$1,job=$JOB") || return 1
  for word in $words; do
    name=\${word%%=*}
    return 0
  done
  name=$2-$stamp
  kubectl create --validate=false --filename - <<end && return 0
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata:
  name: "$name"
  labels: { app: "$APP", type: snapshot, network: "$NETWORK", pod: "$1", job: "$JOB" }
spec:
  volumeSnapshotClassName: "$CLASS"
  source: { persistentVolumeClaimName: "$2" }
end
  # Another job of this minute, such as one that a person started, may have made it.
  words=$(found "$labels,pod=$1") || return 1
  case " $words" in
  *" $name="*) echo "$name is there already" ;;
  *) return 1 ;;
  esac
}
prune() { # deletes what is more than is kept of the volume of a pod
  words=$(found "$labels,pod=$1") || {
    fail "what there is of the volume of $1 can't be listed, so that nothing of it is deleted"
    return
  }
  ready=0
  for word in $words; do
    case $word in *=true) ready=$((ready + 1)) ;; esac
  done
  for word in $words; do
    # How many that can be used are newer than this one.
    case $word in
    *=true)
      ready=$((ready - 1))
      [ "$ready" -ge "$KEEP" ] || continue
      ;;
    *) [ "$ready" -gt 0 ] || continue ;;
    esac
    kubectl delete volumesnapshot "\${word%%=*}" --wait=false || fail "\${word%%=*} can't be deleted"
  done
}

stamp=$(date -u +%Y%m%d-%H%M)
end=$(($(date +%s) + ${snapshotPatience}))
made=
for volume in $VOLUMES; do
  if take "\${volume%%=*}" "\${volume#*=}"; then
    made="$made \${volume%%=*}=$name"
  else
    fail "no snapshot of \${volume#*=} could be made"
  fi
done
for one in $made; do
  name=\${one#*=}
  left=$((end - $(date +%s)))
  [ "$left" -gt 0 ] || left=1
  if kubectl wait "volumesnapshot/$name" --for 'jsonpath={.status.readyToUse}=true' --timeout "\${left}s" >/dev/null; then
    echo "$name can be used"
    prune "\${one%%=*}"
  else
    why=$(kubectl get volumesnapshot "$name" --output 'jsonpath={.status.error.message}')
    fail "$name can't be used after ${snapshotPatience} seconds, so that nothing of this volume is deleted: \${why:-it says no error}"
  fi
done
[ ! "$failed" ] || exit 1
`;
