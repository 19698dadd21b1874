import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serveEthereum } from "tools/cluster/node/ethereum-server.ts";
import { expect, test } from "vitest";

test("the stand-in for an Ethereum node answers what an ethereum-sidecar asks of one when it starts", async () => {
  const server = serveEthereum("127.0.0.1", 0);
  await once(server, "listening");
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(socket, "open");
  let id = 0;
  const ask = async (method: string, ...params: unknown[]) => {
    id++;
    socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    const [{ data }] = (await once(socket, "message")) as [MessageEvent];
    const answer = JSON.parse(String(data));
    expect(answer.id).toBe(id);
    return answer.result ?? answer.error;
  };
  // Sepolia's.
  expect(await ask("eth_chainId")).toBe("0xaa36a7");
  const block = await ask("eth_getBlockByNumber", "latest", true);
  expect(Number(block.number)).toBeGreaterThan(220_000);
  expect(block).toMatchObject({ transactions: [], uncles: [], difficulty: "0x0" });
  expect((await ask("eth_getBlockByNumber", "finalized", false)).number).toBe(block.number);
  expect(await ask("eth_subscribe", "newHeads")).toMatch(/^0x/);
  expect(await ask("eth_getLogs", { fromBlock: "0x1" })).toEqual([]);
  expect(await ask("eth_sendRawTransaction", "0x")).toMatchObject({ code: -32601 });
  socket.close();
  for (const client of server.clients) client.terminate();
  server.close();
});
