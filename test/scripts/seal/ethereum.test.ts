import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ethereumContent } from "scripts/seal/ethereum.ts";
import { expect, test } from "vitest";
import { checkout, run } from "../../support/checkout.ts";
import { local, staging } from "../../support/networks.ts";
import { declareUnsigned, makePair } from "../../support/seal-setup.ts";

test.each([
  [staging, "wss://mainnet.example.org/v3/key"],
  [staging, "wss://user:password@mainnet.example.org:443"],
  [local, "ws://10.0.0.7:8546/"],
])("a URL that the sidecar can reach is sealed as it is", (network, address) => {
  expect([...ethereumContent(network, address)]).toEqual([["ethereum-node-address", Buffer.from(address)]]);
});

test.each([
  ["", "is empty"],
  ["mainnet.example.org", "is not a URL"],
  ["https://mainnet.example.org/v3/hidden", "must begin with ws:// or wss://"],
  ["wss://mainnet.example.org/v3/hidden wss://b", "holds white space: it must be one URL on one line"],
  ["wss://mainnet.example.org:8546/v3/hidden", "has port 8546, but the NetworkPolicy lets the sidecar reach only 443"],
  ["ws://mainnet.example.org/v3/hidden", "has port 80, but the NetworkPolicy lets the sidecar reach only 443"],
])("%s is refused, and the message does not repeat it", (address, message) => {
  const refuse = () => ethereumContent(staging, address);
  expect(refuse).toThrow(message);
  expect(refuse).not.toThrow(/hidden|example/);
});

test("sealed alone, the address needs no artifacts, but a way to be read", async () => {
  const root = checkout();
  const [cert, address] = [join(root, "cert.pem"), join(root, "address")];
  writeFileSync(cert, (await makePair()).certificate);
  writeFileSync(address, "wss://mainnet.example.org/v3/key");
  declareUnsigned(root, "local", cert);
  const args = ["seal", "local", "ethereum-sidecar", "--cert", cert] as const;
  const none = run(root, ...args);
  expect(none.stderr).toContain(
    "there is no terminal to ask on: pass --ethereum-node-address FILE, or - for standard input",
  );
  expect(none.code).toBe(2);
  expect(run(root, ...args, "--ethereum-node-address", join(root, "nowhere"))).toMatchObject({ code: 1 });
  const { code, stderr } = run(root, ...args, "--ethereum-node-address", address);
  expect(stderr).toContain("overlays/local/keystores/mezo-node-0-keystore.yaml: is not sealed yet");
  expect(code).toBe(0);
});
