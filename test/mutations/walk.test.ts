import type { Manifest } from "scripts/objects/manifests.ts";
import { rules } from "scripts/rules/index.ts";
import { afterAll, expect, test } from "vitest";
import { everything } from "../support/keyless.ts";
import { staging as network } from "../support/networks.ts";
import { built, withRelease } from "../support/releases.ts";
import { argocd } from "../support/rules/argocd.ts";
import { earlier } from "../support/rules/history.ts";
import { sealedOverlay, sealedStaging } from "../support/rules/overlay.ts";
import { snapshots } from "../support/snapshots.ts";
import type { Overlay } from "./engine.ts";
import { ownSidecars } from "./table.ts";
import { mutants } from "./walk.ts";

// Whatever a generator gone wrong could write: rules alone must refuse it, without a comparison with what is generated.

const { manifests } = sealedStaging();
const before = [earlier()];
const overlays: Overlay[] = [{ manifests, network, before }, { manifests: argocd().manifests }];

// The rule that refused the last mutant is likely to refuse the next, and comes first.
const ordered = [...rules];

function passes(overlay: Overlay, original: Manifest, object: Manifest): boolean {
  const all = overlay.manifests.map((each) => (each === original ? object : each));
  try {
    const catcher = ordered.findIndex((rule) =>
      [...rule.check(all, overlay.network, overlay.before)].some(({ severity }) => severity === "error"),
    );
    if (catcher > 0) ordered.unshift(...ordered.splice(catcher, 1));
    return catcher === -1;
  } catch {
    // A rule that cannot read an object is an error of `pnpm validate`.
    return false;
  }
}

/** What passes although it differs, and why it harms nobody. */
const harmless: [object: string, what: RegExp, reason: string][] = [
  ["AppProject/mezo-staging", /^spec\.description = "The /, "nobody but people reads it"],
  [
    "BackendConfig/mezo-rpc-ws-backend-config",
    /^spec\.(timeoutSec|connectionDraining\.drainingTimeoutSec) = 1801$/,
    "a WebSocket lives a second longer",
  ],
  ["Application/mezo-staging", /^spec\.source\.targetRevision = "/, "a branch that is not there only stops the sync"],
];

// What only a later release has. The rest of its overlay is that of staging.
const laterNetwork = withRelease(ownSidecars);
const later: Overlay = {
  manifests: sealedOverlay((await built(laterNetwork)).manifests).manifests,
  network: laterNetwork,
};
const ofLater = [
  "StatefulSet/mezo-node-0",
  "Deployment/mezo-node-0-connect",
  "Service/mezo-node-0-connect",
  "Service/mezo-node-0-internal",
  "NetworkPolicy/mezo-connect",
  "NetworkPolicy/mezo-node-connect",
  "NetworkPolicy/mezo-node-0-ethereum",
];

// What RPC nodes and seeds bring, and snapshots.
const keylessNetwork = everything({ snapshots });
const keyless: Overlay = {
  manifests: sealedOverlay((await built(keylessNetwork)).manifests).manifests,
  network: keylessNetwork,
};
const ofKeyless =
  /\/mezo-(rpc-node|seed|node-rpc-nodes|keyless|snapshots|staging-snapshots|rpc$|rpc-backend|rpc-ws-backend)|\/mezo-node-0(-internal)?$/;

const isWalked = (overlay: Overlay, id: string) =>
  overlay === keyless ? ofKeyless.test(id) : overlay !== later || ofLater.includes(id);

// What is sealed is compared with the seal lock, byte by byte, by a step of its own.
const walked = [...overlays, later, keyless].flatMap((overlay) =>
  overlay.manifests
    .filter(({ kind }) => kind !== "SealedSecret")
    .map((object) => [`${object.kind}/${object.metadata.name}`, object, overlay] as const)
    .filter(([id]) => isWalked(overlay, id)),
);

const passed: string[] = [];
let count = 0;

test.each(walked)("no harmful change of %s passes", { timeout: 120_000 }, (id, object, overlay) => {
  const made = [...mutants(object)].filter((mutant) => JSON.stringify(mutant.object) !== JSON.stringify(object));
  const survivors = made.filter((mutant) => passes(overlay, object, mutant.object)).map(({ what }) => what);
  count += made.length;
  passed.push(...survivors.map((what) => `${id} ${what}`));
  const isHarmless = (what: string) => harmless.some(([of, pattern]) => of === id && pattern.test(what));
  expect(survivors.filter((what) => !isHarmless(what))).toEqual([]);
});

test("every harmless change that is listed is one that passes", () => {
  const unneeded = harmless.filter(
    ([id, pattern]) => !passed.some((each) => each.startsWith(`${id} `) && pattern.test(each.slice(id.length + 1))),
  );
  expect(unneeded).toEqual([]);
});

afterAll(() =>
  console.log(`${count} changes, ${passed.length} pass:\n${passed.map((each) => `  ${each}`).join("\n")}`),
);
