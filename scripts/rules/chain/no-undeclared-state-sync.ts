import { ownConfigName } from "generators/network/names.ts";
import { valueAt } from "generators/network/problem.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const path = "statesync.enable";

export default {
  id: "no-undeclared-state-sync",
  why: "A node that takes its state from peers trusts them with it, and a validator that does so has lost what it signed.",
  fix: "Restore statesync in generators/mezod/config-toml.ts; a network enables it in its `settings.config`, with a trusted height and hash.",
  brokenBy: "generator",
  *check(manifests, network) {
    for (const { configMap, field, value } of settingsAt(manifests, "config.toml", path)) {
      const own = network?.perValidator.find(({ validator }) =>
        configMap.metadata.name.startsWith(`${ownConfigName(network, validator)}-`),
      );
      const declared = [own, network].map((of) => valueAt(of?.settings.config, path.split("."))).find(isSaid) ?? false;
      if (value !== declared)
        yield finding(configMap, field, `must be ${declared}, as the network declares; is ${value}`);
    }
  },
} satisfies Rule;

const isSaid = (value: unknown) => value !== undefined;
