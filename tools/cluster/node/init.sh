# The first process of a node: in namespaces of its own for mounts, processes and network, so that whatever a kubelet and
# its containers do to a machine is gone with it.
# $1: the node's address; $2: a network that leads to it, Services'; $3: the file that takes the process id, as the machine
# outside counts; $4: the cgroup that kubelet makes pods' in.
set -eu
# Of the machine's /proc still.
read -r pid rest </proc/self/stat
mount -t proc proc /proc
for folder in /run /var/log /var/lib/cni /var/lib/kubelet; do
  mkdir -p "$folder"
  mount -t tmpfs tmpfs "$folder"
done
# Containers see mounts that come later, as kubelet wants it.
mount --make-rshared /

ip link set lo up
# Not every kernel has a dummy interface: one end of a pair does.
ip link add node type veth peer name nowhere
ip address add "$1/24" dev node
ip link set node up
ip link set nowhere up
# What kube-proxy sends elsewhere needs a way to begin with.
ip route add "$2" dev node
echo 1 >/proc/sys/net/ipv4/ip_forward
# A pod that reaches another one through a Service gets its answer through the Service, too.
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir "/sys/fs/cgroup/$4"
else
  # cgroup v1: a folder for each controller.
  for procs in /sys/fs/cgroup/*/cgroup.procs; do
    hierarchy=${procs%/cgroup.procs}
    mkdir "$hierarchy/$4"
    # Nothing runs in one that is not told where it may.
    for file in cpuset.cpus cpuset.mems; do
      [ ! -e "$hierarchy/$file" ] || cat "$hierarchy/$file" >"$hierarchy/$4/$file"
    done
  done
fi

echo "$pid" >"$3.new"
mv "$3.new" "$3"
# Waits for those that lost their parents, too.
while :; do
  sleep 3600 &
  wait $!
done
