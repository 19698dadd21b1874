import rule from "scripts/rules/history/no-repository-change.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement, paused } from "../../../support/rules/history.ts";

const fork = earlierPlacement({ repository: "https://github.com/somebody/fork.git" });
const found = (placement: typeof fork, of = network) =>
  [...rule.check([], of, [earlier({ placement })])].map(({ object, message }) => `${object}: ${message}`);

test("the same repository, and a network that Argo CD takes over", () => {
  expect(found(earlierPlacement())).toEqual([]);
  expect(found({ ...fork, repository: null })).toEqual([]);
});

test("another repository, or none any more", () => {
  expect(found(fork)).toEqual([
    "Application/mezo-staging: https://github.com/mezo-org/mezo-staging.git replaces https://github.com/somebody/fork.git of commit abc1234, where the keys were not paused",
  ]);
  const { argocd, ...unserved } = network;
  expect(found(fork, unserved)).toEqual([expect.stringMatching(/: nothing replaces https/)]);
});

test("a repository whose keys were paused hands them over", () => {
  expect(found(paused(fork))).toEqual([]);
});
