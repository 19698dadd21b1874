import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { nodeName, serviceHost } from "generators/network/names.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import type { Answers } from "./answers.ts";

/** Well-formed public facts of validators whose private keys nobody has: `pnpm run import` replaces them. */
export const exampleValidators = (answers: Answers): NetworkInput["validators"] =>
  Array.from({ length: answers.validators }, (_, index) => {
    const moniker = nodeName(answers, index);
    const accountAddress = randomBytes(20).toString("hex");
    return {
      index,
      moniker,
      nodeId: createHash("sha256").update(publicKey()).digest("hex").slice(0, 40),
      accountAddress,
      keyringFile: `${accountAddress}.address`,
      consensusPubKey: publicKey().toString("base64"),
      host: answers.gke ? `${moniker}.${answers.gke.domain}` : serviceHost(answers, moniker),
    };
  });

/** The raw public half of a key whose private half is forgotten at once. */
function publicKey(): Buffer {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  return Buffer.from(x, "base64url");
}
