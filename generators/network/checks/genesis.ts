import { consensusParams, moduleParams } from "../../mezod/genesis.ts";
import { unknownOrMistyped } from "../../mezod/settings.ts";
import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";

function* accounts({ genesis, validators }: Network): Iterable<Problem> {
  if (genesis.kind === "file") return;
  const holders = [...validators, ...genesis.accounts].map(({ accountAddress }) => accountAddress);
  for (const [position] of repeated(holders)) {
    const own = position - validators.length;
    // Validators that share an account are a problem of the validators.
    if (own < 0) continue;
    const message = "already has an account in genesis";
    yield { path: ["genesis", "accounts", own, "accountAddress"], value: holders[position], message };
  }
}

function* params({ genesis, chain }: Network): Iterable<Problem> {
  if (genesis.kind === "file") return;
  const parts = [
    ["params", moduleParams(chain), genesis.params],
    ["consensus", consensusParams, genesis.consensus],
  ] as const;
  for (const [part, known, own] of parts) yield* unknownOrMistyped(known, own, "parameter", ["genesis", part]);
}

function* seats({ genesis, chain, validators }: Network): Iterable<Problem> {
  if (genesis.kind === "file") return;
  const seats = Number(genesis.params.poa?.max_validators ?? moduleParams(chain).poa?.max_validators);
  if (validators.length <= seats) return;
  const message = `must be at most ${seats}, which is genesis.params.poa.max_validators; raise that for more validators`;
  yield { path: ["validators", "length"], value: validators.length, message };
}

export const genesisChecks: Check[] = [accounts, params, seats];
