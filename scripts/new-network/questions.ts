import { lineOf } from "generators/mezod/releases.ts";
import { isVersion } from "generators/mezod/version.ts";
import { fieldProblem } from "generators/network/fields.ts";

/** What the command asks, and the option that says it instead. */
export interface Question {
  /** The option's name, without its dashes. */
  option: string;
  ask: string;
  /** The field that the answer goes to, by which it is checked. */
  field: string;
  /** What an empty answer means, from the answers so far; undefined where it must be said. */
  fallback?: (given: Given) => string | undefined;
  /** Whether it is asked at all. */
  when?: (given: Given) => boolean;
  /** The value that the field gets from the answer, where that is not the answer itself. */
  value?: (answer: string) => unknown;
  /** Whether nothing is an answer, too. */
  isOptional?: boolean;
}

/** Answers by option. */
export type Given = Readonly<Record<string, string>>;

const onGke = ({ gke }: Given) => gke === "yes";
const byArgocd = (given: Given) => Boolean(given["repo-url"]);

// Kubernetes' own limit for an app's name here is shorter than that of a network's.
const appOf = ({ name = "" }: Given) => name.slice(0, 30).replace(/-+$/, "");

function asksConnect({ image = "" }: Given): boolean {
  const [, , tag = ""] = imageParts(image);
  return isVersion(tag) && lineOf(tag)?.sidecars.connect === true;
}

/** Every question, in the order in which they are asked. */
export const questions: readonly Question[] = [
  {
    option: "chain-id",
    ask: "The chain's id, such as acme_9001-1: the number must be that of no other chain",
    field: "chain.id",
  },
  { option: "denom", ask: "The smallest unit of its coin", field: "chain.denom", fallback: () => "abtc" },
  {
    option: "bech32-prefix",
    ask: "What its addresses begin with",
    field: "chain.bech32Prefix",
    fallback: () => "mezo",
  },
  { option: "validators", ask: "How many validators", field: "size", fallback: () => "4", value: Number },
  { option: "app", ask: "What its objects are called after", field: "app", fallback: appOf },
  { option: "namespace", ask: "Its namespace", field: "namespace", fallback: ({ name }) => name },
  {
    option: "image",
    ask: "Its image with the tag, which is a release of mezod",
    field: "image.repository",
    // The name by which a cluster on one's own machine has it.
    fallback: (given) => (onGke(given) ? undefined : "mezo-node:v0.2.0-rc3"),
    value: (answer) => imageParts(answer)[1],
  },
  {
    option: "connect-digest",
    ask: "The digest of Connect's image, the price oracle that this release asks",
    field: "connectSidecar.image.digest",
    when: asksConnect,
  },
  { option: "gke-project", ask: "The project in Google Cloud", field: "gke.project", when: onGke },
  { option: "gke-cluster", ask: "The cluster in it", field: "gke.cluster", when: onGke },
  {
    option: "gke-region",
    ask: "The cluster's region",
    field: "gke.region",
    fallback: () => "us-central1",
    when: onGke,
  },
  {
    option: "gke-machine",
    ask: "The type of its machines",
    field: "gke.machine",
    fallback: () => "n2-standard-8",
    when: onGke,
  },
  {
    option: "gke-nodes",
    ask: "How many machines it has",
    field: "gke.nodes",
    fallback: ({ validators }) => validators,
    value: Number,
    when: onGke,
  },
  {
    option: "domain",
    ask: "What the validators' public names end with, such as test.acme.org",
    field: "validators[].host",
    value: (answer) => `node-0.${answer}`,
    when: onGke,
  },
  {
    option: "repo-url",
    ask: "The URL at which Argo CD reads this repository; empty where Argo CD does not deploy it",
    field: "argocd.repoURL",
    isOptional: true,
  },
  { option: "revision", ask: "The branch", field: "argocd.revision", fallback: () => "main", when: byArgocd },
  {
    option: "destination",
    ask: "Another cluster than Argo CD's, by its name there or its server's URL; empty for Argo CD's own",
    field: "argocd.destination",
    value: destinationOf,
    when: byArgocd,
    isOptional: true,
  },
];

/** The whole of an image's name, the name without its tag, and the tag. */
export function imageParts(image: string): [whole: string, repository: string, tag: string] {
  const [, repository = image, tag = ""] = /^(.*):([^:/]*)$/.exec(image) ?? [];
  return [image, repository, tag];
}

/** A cluster as Argo CD is told of it: a URL is its server, and anything else its name. */
export function destinationOf(answer: string): { server: string } | { name: string } {
  return answer.includes("://") ? { server: answer } : { name: answer };
}

/** What is wrong with an answer, in the schema's own words; undefined where nothing is. */
export function answerProblem({ field, value = (answer) => answer, isOptional }: Question, answer: string) {
  if (answer === "") return isOptional ? undefined : "is missing";
  return fieldProblem(field, value(answer));
}
