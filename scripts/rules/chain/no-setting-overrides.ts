import { nodeHome } from "generators/network/names.ts";
import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const field = "spec.template.spec.containers[0]";

// What differs between validators, and what no file can say.
const variables = ["MEZOD_P2P_EXTERNAL_ADDRESS", "MEZOD_METRICS"];

export default {
  id: "no-setting-overrides",
  why: "A flag or an environment variable overrides the reviewed files, and another home means another identity.",
  fix: "Restore the commands and the environment in generators/components/validator/pod.ts; settings belong in the network's `settings`.",
  brokenBy: "generator",
  *check(manifests) {
    for (const validator of validatorSets(manifests)) {
      const { command = [], args = [], env = [], envFrom = [] } = nodeContainer(validator) ?? {};
      const wanted = ["mezod", "start", "--home", nodeHome, "--moniker", validator.metadata.name].join(" ");
      const present = [...command, ...args].join(" ");
      if (present !== wanted) yield finding(validator, `${field}.args`, `must be ${wanted}, is ${present}`);
      for (const [i, { command: shell = [] }] of (validator.spec.template.spec?.initContainers ?? []).entries()) {
        if (shell.join(" ") === "/bin/sh -c") continue;
        yield finding(validator, `spec.template.spec.initContainers[${i}].command`, "must be /bin/sh -c");
      }
      if (envFrom.length > 0) yield finding(validator, `${field}.envFrom`, "must not be set");
      for (const [i, { name }] of env.entries()) {
        if (!name.startsWith("MEZOD_") || variables.includes(name)) continue;
        yield finding(validator, `${field}.env[${i}]`, `must not set ${name}: it overrides a setting of a file`);
      }
    }
  },
} satisfies Rule;
