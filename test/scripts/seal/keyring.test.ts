import { proveKeyring } from "scripts/seal/keyring.ts";
import { expect, test } from "vitest";

test.each([
  ["15", "has bcrypt cost 15; the limit is 14"],
  ["31", "has bcrypt cost 31; the limit is 14"],
  ["99", "has bcrypt cost 99; the limit is 14"],
  // Whoever made this keyhash had another password.
  ["04", "does not match mezo-node-0/keyring_password.txt"],
])(
  "a keyhash of bcrypt cost %s is refused at once",
  async (cost, message) => {
    const keyhash = `$2a$${cost}$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy`;
    const found = await proveKeyring("mezo-node-0", "ab", new Map([["keyhash", Buffer.from(keyhash)]]), "password");
    expect(found).toEqual([{ severity: "error", object: "mezo-node-0/keyring-file/keyhash", field: "", message }]);
  },
  5000,
);
