# The first process of a node. It is in namespaces of its own for mounts, processes and network, so that whatever a kubelet
# and its containers do to a machine ends with it.
# $1: the node's address; $2: the Services' network, which that address leads to; $3: the file to write the process id to,
# as seen outside of the namespace; $4: the cgroup in which kubelet makes those of its pods.
set -eu
# The machine's /proc is still mounted here.
read -r pid rest </proc/self/stat
mount -t proc proc /proc
for folder in /run /var/log /var/lib/cni /var/lib/kubelet; do
  mkdir -p "$folder"
  mount -t tmpfs tmpfs "$folder"
done
# Containers see later mounts, which kubelet relies on.
mount --make-rshared /

ip link set lo up
# One end of a veth pair, because not every kernel has dummy interfaces.
ip link add node type veth peer name nowhere
ip address add "$1/24" dev node
ip link set node up
ip link set nowhere up
# What kube-proxy redirects needs a route in the first place.
ip route add "$2" dev node
echo 1 >/proc/sys/net/ipv4/ip_forward
# A pod that reaches another one through a Service gets its answer through the Service, too.
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir "/sys/fs/cgroup/$4"
else
  # cgroup v1 has a folder for each controller.
  for procs in /sys/fs/cgroup/*/cgroup.procs; do
    hierarchy=${procs%/cgroup.procs}
    mkdir "$hierarchy/$4"
    # A cgroup runs nothing before it has CPUs and memory nodes.
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$hierarchy/$file" ] || cat "$hierarchy/$file" >"$hierarchy/$4/$file"
    done
  done
fi

echo "$pid" >"$3.new"
mv "$3.new" "$3"
# Reaps orphaned processes, too.
while :; do
  sleep 3600 &
  wait $!
done
