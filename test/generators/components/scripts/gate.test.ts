import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithMezod } from "../../../support/describe-with-mezod.ts";
import { type LoopbackChain, makeLoopbackChain } from "../../../support/loopback-chain.ts";
import { local } from "../../../support/networks.ts";

describeWithMezod("the gate before a batch of validators", () => {
  let chain: LoopbackChain;
  const servers: Server[] = [];

  beforeAll(async () => {
    chain = await makeLoopbackChain(5);
  }, 300_000);
  afterAll(() => {
    for (const server of servers) server.close();
    chain?.remove();
  });

  /** A host that claims another height at each question, and commits in which everybody signed. */
  async function lyingHost(address: string): Promise<string> {
    let height = 1_000_000;
    const answer = (method: string) => {
      if (method === "status") height += 1;
      return method === "status"
        ? {
            node_info: { network: local.chain.id },
            sync_info: { latest_block_height: String(height), catching_up: false },
            validator_info: { voting_power: "1" },
          }
        : { block: null };
    };
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        const { id, method } = JSON.parse(body || "{}");
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result: answer(method) }));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(26657, address, resolve));
    return `${address}=none`;
  }

  test("no validator answers: nothing to lose", () => {
    const { code, said } = chain.gate([0], { stillSeconds: 3 });
    expect({ code, said }).toEqual({ code: 0, said: "The chain has made no block for 3 seconds: nothing to lose.\n" });
  });

  test("no validator of a new network answers, and none was rolled out: nothing to lose, at once", () => {
    const { code, said } = chain.gate([0], { isNew: true });
    expect({ code, said }).toEqual({
      code: 0,
      said: "No validator answers, and this batch was never rolled out: nothing to lose.\n",
    });
  });

  test("at genesis, with one node that waits for the others, nothing to lose", async () => {
    chain.start(0);
    await chain.reach(0, 0);
    expect(chain.gate([1])).toEqual({ code: 0, said: "The chain has no block yet: nothing to lose.\n" });
  });

  test("all sign: one may go, and two may not", async () => {
    for (const index of [1, 2, 3, 4]) chain.start(index);
    await chain.reach(4, 3);
    expect(chain.gate([0]).said).toBe("5 of 5 validators sign; 4 go on while this batch restarts.\n");
    expect(chain.gate([3], { before: [2] }).code).toBe(0);
    const two = chain.gate([1, 2], { patienceSeconds: 12 });
    expect(two.code).toBe(1);
    expect(two.said).toContain("0 of 5 validators do not sign (of ours: none), and with this batch 2 would be down");
    expect(two.said).toContain("docs/runbooks/held-rollout.md");
  });

  test("others' validators in the set count as any", () => {
    const { code, said } = chain.gate([0], { described: [0, 1] });
    expect({ code, said }).toEqual({ code: 0, said: "5 of 5 validators sign; 4 go on while this batch restarts.\n" });
  });

  test("a host that lies about the chain never opens the gate, and one of another chain is not heard", async () => {
    const address = chain.validators[0]?.address.replace(/\.\d+$/, ".99") ?? "";
    const liar = await lyingHost(address);
    const { code } = chain.gate([0, 1], { more: [liar], patienceSeconds: 12 });
    expect(code).toBe(1);
  });

  test("one is down: the others are held, that one may go", async () => {
    expect(await chain.stop(4)).toBe(0);
    const held = chain.gate([0], { patienceSeconds: 25 });
    expect(held.code).toBe(1);
    const name = chain.validators[4]?.address;
    expect(held.said).toContain(
      `1 of 5 validators do not sign (of ours: ${name}), and with this batch 2 would be down`,
    );
    expect(chain.gate([4]).code).toBe(0);
    // It is named where the network pauses it, so that it is not asked, too.
    const { said } = chain.gate([0], { described: [0, 1, 2, 3], paused: [4], patienceSeconds: 12 });
    expect(said).toContain(`(of ours: ${name})`);
  });

  test("the batch before must sign again before the next may go", async () => {
    const held = chain.gate([3], { before: [4], patienceSeconds: 15 });
    expect(held.code).toBe(1);
    chain.start(4);
    // A gate that waits lets pass as soon as it signs.
    expect(chain.gate([3], { before: [4], patienceSeconds: 90 }).code).toBe(0);
  });

  test("a height that a single node has not moved on from does not count as the chain's", async () => {
    const { sync_info } = await chain.status(1);
    expect(await chain.stop(1)).toBe(0);
    chain.start(1, { MEZOD_P2P_PERSISTENT_PEERS: "", MEZOD_P2P_PEX: "false", MEZOD_P2P_LADDR: "tcp://127.0.0.1:0" });
    await chain.reach(1, Number(sync_info.latest_block_height));
    const { code, said } = chain.gate([2], { patienceSeconds: 25 });
    expect(code).toBe(1);
    expect(said).toContain("with this batch 2 would be down");
  });

  test("during a halt, with two down, there is nothing to lose", async () => {
    chain.kill(1);
    chain.kill(2);
    await sleep(12_000);
    expect(chain.gate([3], { stillSeconds: 15 })).toEqual({
      code: 0,
      said: "The chain has made no block for 15 seconds: nothing to lose.\n",
    });
  });
});
