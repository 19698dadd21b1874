import { lockFile } from "generators/network/paths.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt } from "../../lib/finding.ts";
import { certificateFile } from "../../seal/keystores-folder.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "require-new-seals",
  why: "The next `pnpm seal` encrypts keys for whoever made the certificate, and somebody else may have put it there.",
  fix: "Restore the certificate from git; `pnpm seal --rotate` changes it together with everything that is sealed.",
  brokenBy: "network",
  *check(_manifests, network, before = [], keystores = new Map()) {
    if (!network) return;
    const file = certificateFile(network.name);
    for (const { commit, keystores: earlier } of before) {
      if (!isOther(certificates(network.name, earlier), certificates(network.name, keystores))) continue;
      const old = new Set(sealedValues(earlier).map(({ value }) => value));
      const kept = sealedValues(keystores).find(({ value }) => old.has(value));
      if (!kept) continue;
      const message = `differs from commit ${commit}, but ${kept.path} still holds what was sealed for that one`;
      yield errorAt(file, "", message);
      return;
    }
  },
} satisfies Rule;

/** The certificates that a keystores folder names: its own as a text, and those of the lock by their fingerprints. */
const certificates = (network: string, keystores: Tree) => ({
  own: new Set([keystores.get(certificateFile(network))?.replaceAll(/\s/g, "")].filter((text) => text !== undefined)),
  locked: new Set((keystores.get(lockFile(network)) ?? "").match(/(?<="certificate": ?")[0-9a-f]{64}(?=")/g)),
});

/** Whether there is a certificate now that was not there then. */
function isOther(was: ReturnType<typeof certificates>, is: ReturnType<typeof certificates>): boolean {
  const isNew = (old: ReadonlySet<string>, now: ReadonlySet<string>) => old.size > 0 && !now.isSubsetOf(old);
  return isNew(was.own, is.own) || isNew(was.locked, is.locked);
}

// No other text in a SealedSecret is that long: a value begins with a key of 2048 bits or more under RSA.
const ciphertext = /[A-Za-z0-9+/=]{300,}/g;

/** Every encrypted value of a keystores folder, with its file. */
const sealedValues = (keystores: Tree) =>
  [...keystores]
    .filter(([path]) => path.endsWith(".yaml"))
    .flatMap(([path, text]) => (text.match(ciphertext) ?? []).map((value) => ({ path, value })));
