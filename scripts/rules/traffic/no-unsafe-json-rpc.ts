import { valueAt } from "generators/network/problem.ts";
import { tomlFiles } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const safe = ["eth", "net", "web3", "txpool", "mezo"];

export default {
  id: "no-unsafe-json-rpc",
  why: "The namespace personal signs with the node's keys; debug and miner let anyone load or change the node.",
  fix: "Set `json-rpc.api` in the network's `settings.app` to safe namespaces; run debug on a node of your own.",
  brokenBy: "network",
  *check(manifests) {
    for (const { configMap, toml } of tomlFiles(manifests, "app.toml")) {
      const namespaces = String(valueAt(toml, ["json-rpc", "api"]) ?? "").split(",");
      for (const namespace of namespaces.filter((each) => !safe.includes(each))) {
        yield finding(
          configMap,
          "app.toml json-rpc.api",
          `serves ${JSON.stringify(namespace)}; only ${safe.join(", ")} are safe`,
        );
      }
    }
  },
} satisfies Rule;
