import anyObject from "./any-object/index.ts";
import argocd from "./argocd/index.ts";
import chain from "./chain/index.ts";
import gke from "./gke/index.ts";
import history from "./history/index.ts";
import monitoring from "./monitoring/index.ts";
import pods from "./pods/index.ts";
import rollout from "./rollout/index.ts";
import type { Rule, Topic } from "./rule.ts";
import traffic from "./traffic/index.ts";

/** Every topic, in the order in which people read them. */
export const topics: readonly Topic[] = [chain, history, rollout, pods, traffic, gke, monitoring, argocd, anyObject];

/** Every rule, by topic. */
export const rules: readonly Rule[] = topics.flatMap((topic) => topic.rules);
