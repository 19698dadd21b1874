// The command: pnpm cluster.
import { resolve } from "node:path";
import { declaredNetworks, refuseUnknownNetworks } from "generators/declared.ts";
import { UsageError } from "generators/operator-error.ts";
import { down } from "tools/cluster/commands/down.ts";
import { status } from "tools/cluster/commands/status.ts";
import { up } from "tools/cluster/commands/up.ts";
import { args, run } from "./lib/cli.ts";

const usage = `Usage: pnpm cluster up [network]|down|status

Runs a cluster on this machine, for trying changes: etcd, Kubernetes, Argo CD, the SealedSecrets controller and a git
server, each of them the project's own program, with the network \`local\` as it is committed here, or another one that
has no \`gke\`. The network's keys are made and sealed on the spot, and this checkout is not changed. Everything is on
loopback and in namespaces of its own.

For root, the cluster has a real node: containers run, and its validators make blocks. For others, or where a program
that a real node needs is missing, stand-ins report nodes, pods, volumes and addresses, and no container runs; \`up\`
says why.

  up       build what is missing, start the cluster and deploy the network; the cluster stays when the command ends
  status   show programs, addresses and what is deployed; exit 1 unless a cluster is up and all of it works
  down     end the cluster and remove everything that belongs to it
  --help   this text

Needs Linux, git and gcc, and root or user namespaces. A real node also needs runc, the CNI plugins, nftables, iptables,
iproute2 and busybox, as Debian packages them. ARGOCD=<path> runs an argocd binary of your own, such as a release's,
which contains the web page. MEZOD=<path> runs a mezod of your own in place of the stand-in for it, and needs no gcc
(docs/operating.md).
`;

const commands = { up, down, status };

await run(usage, async () => {
  const { positionals } = args({});
  const [name = "", network, ...more] = positionals;
  if (!Object.hasOwn(commands, name) || more.length > 0 || (network !== undefined && name !== "up"))
    throw new UsageError("name one of up, down, status; and behind up a network");
  if (network !== undefined) refuseUnknownNetworks([network], declaredNetworks(resolve(import.meta.dirname, "..")));
  return commands[name as keyof typeof commands](network);
});
// A start that failed may still be waiting for something.
process.exit();
