import { checksumsOf, parseLock, type SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import { render } from "generators/render.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { staging } from "../../support/networks.ts";

const entry = {
  cluster: "https://kubernetes.default.svc",
  namespace: "default",
  scope: "strict" as const,
  certificate: "0".repeat(64),
  keys: ["a"],
  content: `$scrypt$ln=16,r=8,p=1$${"A".repeat(22)}$${Buffer.alloc(32, 7).toString("base64").slice(0, 43)}`,
  file: "1".repeat(64),
};
const lock: SealLock = {
  version: 2,
  network: "staging",
  chainId: "mezo_31611-1",
  serial: 1,
  secrets: { "mezo-node-1-keystore": entry, "ethereum-sidecar-config": entry },
};

test("a lock parses back to what was written", () => {
  expect(parseLock("seal.lock.json", JSON.stringify(lock))).toEqual(lock);
});

test.each([
  ["", "is not JSON"],
  ["<<<<<<< HEAD", "has merge conflicts: take one side and seal again"],
  ["[]", "network: [] must be an object"],
  [JSON.stringify({ ...lock, version: 3 }), "version: 3 must be 2"],
  [
    JSON.stringify({ ...lock, more: 1 }),
    "more: 1 unknown key; the keys here are version, network, chainId, serial, secrets",
  ],
  [JSON.stringify({ ...lock, serial: -1 }), "serial: -1 must be 0 or more"],
  [
    JSON.stringify({ ...lock, secrets: { a: { ...entry, file: "x" } } }),
    'secrets.a.file: "x" must be a SHA-256 in hex',
  ],
  // A cost that would take all memory.
  [
    JSON.stringify({ ...lock, secrets: { a: { ...entry, content: entry.content.replace("16", "60") } } }),
    "secrets.a.content: ",
  ],
])("the lock %s is refused", (text, message) => {
  const read = () => parseLock("overlays/staging/keystores/seal.lock.json", text);
  expect(read).toThrow(/^overlays\/staging\/keystores\/seal.lock.json:\n/);
  expect(read).toThrow(OperatorError);
  expect(read).toThrow(message);
  expect(read).toThrow("restore it from git");
});

test("a lock of version 1 can't be restored, but only replaced", () => {
  expect(() => parseLock("seal.lock.json", JSON.stringify({ version: 1, secrets: {} }))).toThrow(
    /^seal.lock.json: is of version 1, .*: delete its folder, and seal everything anew$/,
  );
});

test("only the pod template of its own workload carries the checksum of a sealed secret", () => {
  const tree = render([{ network: staging, sealed: true, checksums: checksumsOf(lock) }]);
  const annotations = (path: string) =>
    parse(tree.get(`overlays/staging/${path}`) ?? "").spec.template.metadata?.annotations;
  const checksum = { "checksum/keystore": "07".repeat(32) };
  expect(annotations("mezo-node-1/statefulset.yaml")).toEqual(checksum);
  expect(annotations("ethereum-sidecar/deployment.yaml")).toEqual(checksum);
  expect(annotations("mezo-node-0/statefulset.yaml")).toBeUndefined();
});
