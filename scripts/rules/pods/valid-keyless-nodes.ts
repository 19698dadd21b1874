import { keyless } from "../../objects/shapes/keyless.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-keyless-nodes",
  why: "RPC nodes and seeds are open to the public: with a Secret, a right or a volume too many an intruder has it, and with a field that is not as it must be they answer nobody.",
  fix: "Restore what the finding names in generators/components/keyless/overlay.ts or generators/components/keyless/pod.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    const expected = keyless(network);
    // What else makes pods and is none of them, the rule valid-validators refuses.
    const own = manifests.filter(({ metadata }) => expected.some(({ name }) => name === metadata.name));
    yield* unexpected(own, ["StatefulSet"], expected);
  },
} satisfies Rule;
