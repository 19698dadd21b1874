import { clusterAt } from "../cluster.ts";
import { connect } from "../kubernetes/client.ts";
import { commandsFolder, logsFolder } from "../location.ts";
import { networkOn } from "../network/local.ts";
import { jsonRpcUrls } from "../node/json-rpc.ts";
import { policiesUnenforced } from "../node/network-policies.ts";
import type { ClusterState } from "../state.ts";

type Described = Pick<ClusterState, "location" | "hasNode" | "mezod">;

/** The addresses of a cluster's programs, a line each. */
export async function addresses({ location, hasNode }: Described): Promise<string> {
  const { argocd, kubeconfig, repoURL } = clusterAt(location);
  const { server } = (await connect(kubeconfig)).config.getCurrentCluster() ?? {};
  const page = await fetch(argocd, { headers: { accept: "text/html" } }).catch(() => undefined);
  const note = page?.ok ? "" : "   (API only: this binary does not contain the web page)";
  const { http, webSocket } = jsonRpcUrls(location);
  return `${hasNode ? `JSON-RPC      ${http} and ${webSocket}\n` : ""}Kubernetes    ${server}
Argo CD       ${argocd}${note}
git           ${repoURL}
logs          ${logsFolder(location)}`;
}

/** What a person needs to know to use a cluster. */
export async function guide(state: Described): Promise<string> {
  const { app, name, namespace, validators } = networkOn(state.location);
  const { kubeconfig, repoURL } = clusterAt(state.location);
  const note = state.hasNode
    ? `${validators.length} validators make blocks. mezod is ${state.mezod ?? "a stand-in"}, and NetworkPolicies are ${policiesUnenforced() ? "not enforced" : "enforced between pods"} (tools/cluster/README.md).`
    : "No container runs: stand-ins report pods, volumes and load balancers (tools/cluster/parts/fake-nodes.ts).";
  return `
${await addresses(state)}

To use kubectl and argocd in the cluster's own versions:
  export KUBECONFIG=${kubeconfig}
  export PATH=${commandsFolder(state.location)}:$PATH
  kubectl get pods --namespace ${namespace}
  argocd app get ${app}-${name}

${note}

To try a change:
  git clone ${repoURL} && cd mezo-staging
  edit generators/networks/${name}.ts; npx --yes pnpm@12.21.0 gen; git commit --all; git push
  pnpm cluster status

To end it: pnpm cluster down`;
}
