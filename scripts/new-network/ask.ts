import { OperatorError, UsageError } from "generators/operator-error.ts";
import { ask, confirm, hasTerminal } from "../lib/prompt.ts";
import type { Answers } from "./answers.ts";
import { answerProblem, type Given, type Question, questions } from "./questions.ts";

/** The command's options, by name; those that are not given are undefined. */
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/**
 * What the new network is: from the options, and for the rest from the person at the terminal. Without a terminal, or with
 * `--yes`, what was not said is the default.
 *
 * @throws {UsageError} listing every option that is missing or contradicts another, and those whose value is wrong.
 * @throws {OperatorError} when the person stops.
 */
export async function askAnswers(name: string, options: Options): Promise<Answers> {
  const asks = hasTerminal() && !options.yes;
  let given: Given = { name, gke: await isOnGke(options, asks) };
  const problems: string[] = [];
  for (const question of questions) {
    const said = options[question.option];
    if (question.when && !question.when(given)) {
      if (said !== undefined) problems.push(`--${question.option} is not for such a network`);
      continue;
    }
    const answer = said === undefined && asks ? await answerTo(question, given) : answerOf(question, said, given);
    const problem = answerProblem(question, answer);
    if (problem !== undefined) problems.push(`--${question.option}${answer && ` ${answer}`}: ${problem}`);
    given = { ...given, [question.option]: answer };
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n  "));
  return answersFrom(given);
}

async function isOnGke(options: Options, asks: boolean): Promise<string> {
  const isSaid = options.gke === true || Object.keys(options).some((option) => option.startsWith("gke-"));
  return isSaid || (asks && (await confirm("Is it on GKE, with public addresses?", "pass --gke"))) ? "yes" : "";
}

const answerOf = ({ fallback }: Question, said: string | boolean | undefined, given: Given) =>
  typeof said === "string" ? said : (fallback?.(given) ?? "");

async function answerTo(question: Question, given: Given): Promise<string> {
  const fallback = question.fallback?.(given);
  const answer = await ask(question.ask, (typed) => answerProblem(question, typed), fallback);
  if (answer === undefined) throw new OperatorError("nothing was written");
  return answer;
}

function answersFrom(given: Given): Answers {
  const of = (option: string) => given[option] ?? "";
  return {
    name: of("name"),
    app: of("app"),
    namespace: of("namespace"),
    chainId: of("chain-id"),
    denom: of("denom"),
    bech32Prefix: of("bech32-prefix"),
    image: of("image"),
    validators: Number(of("validators")),
    ...(given["connect-digest"] && { connectDigest: given["connect-digest"] }),
    ...(given.gke && {
      gke: {
        project: of("gke-project"),
        cluster: of("gke-cluster"),
        region: of("gke-region"),
        machine: of("gke-machine"),
        nodes: Number(of("gke-nodes")),
        domain: of("domain"),
      },
    }),
    ...(given["repo-url"] && {
      argocd: {
        repoURL: of("repo-url"),
        revision: of("revision"),
        ...(given.destination && { destination: given.destination }),
      },
    }),
  };
}
