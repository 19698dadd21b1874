import type { Kind } from "./problem.ts";

/** What the steps find besides the rules. */
export const kinds = {
  generatedFile: {
    id: "generated-file",
    why: "Argo CD applies the files on main, whatever the network says.",
    fix: "Run `pnpm gen` and commit; base/ and overlays/ are written by it alone.",
  },
  build: {
    id: "kustomize-build",
    why: "Argo CD builds the overlay the same way, and could not sync it.",
    fix: "Mend what kustomize names; if `pnpm gen` wrote it, mend the generator.",
  },
  schema: {
    id: "kubernetes-schema",
    why: "The API server refuses such an object, or drops the field without a word.",
    fix: "Write the field as this version of Kubernetes has it.",
  },
  sealed: {
    id: "sealed-keystore",
    why: "A validator whose keystore does not open stays down; with another's keystore it signs twice.",
    fix: "Run `pnpm seal` for the network, and commit what it writes.",
  },
  secret: {
    id: "secret-in-file",
    why: "Everybody who ever reads the repository has the key, now and from its history.",
    fix: "Delete it, make new keys, and keep them in .public-testnet or another folder that git ignores.",
  },
  history: {
    id: "history",
    why: "A changed genesis shows only beside the one before.",
    fix: "Validate in a git clone that has the previous commit: fetch-depth 2 or more.",
  },
  exception: {
    id: "exception",
    why: "An exception that excuses nothing hides the next fault.",
    fix: "Take it out of the network's `exceptions`.",
  },
} as const satisfies Record<string, Kind>;
