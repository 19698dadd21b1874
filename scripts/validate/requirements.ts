import type { Requirement } from "../rules/rule.ts";

/** What the steps require besides the rules. */
export const requirements = {
  generatedFile: {
    id: "generated-file",
    why: "Argo CD applies the files that are committed, whatever the network's declaration says.",
    fix: "Run `pnpm gen` and commit what it writes; never edit base/ or overlays/ by hand.",
  },
  link: {
    id: "symbolic-link",
    why: "Argo CD refuses a whole repository for one link that leads out of it, and a link may bring in what no rule sees.",
    fix: "Delete it, and commit a plain file where one is needed.",
  },
  build: {
    id: "kustomize-build",
    why: "Argo CD builds the overlay the same way, so it could not sync it.",
    fix: "Correct the file that Kustomize names; if `pnpm gen` wrote it, correct the generator.",
  },
  schema: {
    id: "kubernetes-schema",
    why: "The API server refuses such an object, or silently drops the field.",
    fix: "Write the field as both Kubernetes versions define it, in the generator that writes the object.",
  },
  sealed: {
    id: "sealed-keystore",
    why: "A validator stays down if its keystore does not open, and signs twice if it has another validator's; and anybody can make a sealed file.",
    fix: "Run `pnpm seal` for the network and commit what it writes; restore from git what nobody of the network's signers has sealed.",
  },
  secret: {
    id: "secret-in-file",
    why: "Everybody who can read the repository has the key, now and from its history.",
    fix: "Remove the secret from the file, and from each commit that is not pushed yet. Replace a secret that is pushed: others know it. Allow what is not a secret in .gitleaks.toml.",
  },
  history: {
    id: "history",
    why: "Only a comparison with an earlier commit shows that a key moves, a validator goes or a genesis changes.",
    fix: "Validate in a whole clone (`git fetch --unshallow`, fetch-depth 0) that git can read; its own words say what is wrong.",
  },
  exception: {
    id: "exception",
    why: "An exception that excuses nothing would hide the next fault.",
    fix: "Remove it from the network's `exceptions`.",
  },
} as const satisfies Record<string, Requirement>;
