import { resolve } from "node:path";
import { applicationName } from "generators/network/names.ts";
import { checkCluster } from "./check-cluster/check.ts";
import { args, run } from "./lib/cli.ts";
import { apiOf } from "./lib/cluster/api.ts";
import { networkCluster } from "./lib/cluster/context.ts";
import { lookingWords, namedNetwork, outputOf } from "./lib/named-network.ts";
import { formatTally, formatVerdict } from "./lib/print-verdicts.ts";
import { exitCode } from "./lib/verdict.ts";
import { kustomize } from "./objects/kustomize.ts";
import { parseManifests } from "./objects/manifests.ts";
import { parseController } from "./seal/controller.ts";

const defaultController = "kube-system/sealed-secrets-controller";

const usage = `Usage: pnpm check-cluster <network> [--pods] [--controller NS/NAME] [--context NAME] [--output text|json]

Looks whether the cluster of kubectl's current context has all that the network needs, before the first sync and at any
time after: versions, kinds, Argo CD and what is committed of it, storage, machines, policies, the certificate that keys
are sealed for, and with gcloud addresses and certificates. Every object is tried over the live ones, as a dry run.
Each line says ok, warning or error; below stands what to do. Exits with 1 when there is an error.

  --pods               also run two pods in the network's namespace, one after the other, and remove them: does the
                       image run, and do policies keep a pod out that must not get through? Nothing else is ever made
  --controller NS/NAME the SealedSecrets controller (default: ${defaultController})
  --context NAME       the name of the context, for a network that does not name its cluster; otherwise the terminal
                       is asked
  --output json        the lines as one JSON object
  --help               show this text
`;

const root = resolve(import.meta.dirname, "..");

await run(usage, async () => {
  const { values, positionals } = args({
    pods: { type: "boolean", default: false },
    controller: { type: "string", default: defaultController },
    context: { type: "string" },
    output: { type: "string", default: "text" },
  });
  const output = outputOf(values.output);
  const controller = parseController(values.controller);
  const network = await namedNetwork(root, positionals);
  const api = await apiOf(await networkCluster(network, values.context, lookingWords));
  const [objects, argocdObjects] = await Promise.all(
    [network.name, "argocd"].map(async (overlay) => parseManifests(await kustomize(root, overlay))),
  );
  const subject = {
    root,
    network,
    api,
    objects: objects ?? [],
    argocdObjects: (argocdObjects ?? []).filter(({ metadata }) => metadata.name === applicationName(network)),
    controller,
  };
  const verdicts = await checkCluster(subject, values.pods);
  if (output === "json") {
    console.log(JSON.stringify({ network: network.name, context: api.config.getCurrentContext(), verdicts }, null, 2));
    return exitCode(verdicts);
  }
  for (const verdict of verdicts) console.log(formatVerdict(verdict));
  console.log(`\n${network.name}: ${formatTally(verdicts)}`);
  return exitCode(verdicts);
});
