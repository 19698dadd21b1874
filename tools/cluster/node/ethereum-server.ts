import { type WebSocket, WebSocketServer } from "ws";

// Sepolia's, whose bridge the testnet reads.
const chainId = 11_155_111;
// More than the sidecar looks back, which is 220,000.
const firstBlock = 7_000_000;
const secondsPerBlock = 12;

const hex = (number: number) => `0x${number.toString(16)}`;
const zeros = (bytes: number) => `0x${"00".repeat(bytes)}`;

/** A block without transactions, with what go-ethereum's client asks of one. */
function block(number: number, start: number) {
  return {
    number: hex(number),
    hash: `0x${number.toString(16).padStart(64, "0")}`,
    parentHash: `0x${(number - 1).toString(16).padStart(64, "0")}`,
    // keccak-256 of an empty list, and the root of an empty trie: go-ethereum compares them with the lists below.
    sha3Uncles: "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    transactionsRoot: "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    receiptsRoot: "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
    stateRoot: zeros(32),
    logsBloom: zeros(256),
    miner: zeros(20),
    difficulty: "0x0",
    gasLimit: hex(30_000_000),
    gasUsed: "0x0",
    timestamp: hex(start + (number - firstBlock) * secondsPerBlock),
    extraData: "0x",
    mixHash: zeros(32),
    nonce: zeros(8),
    baseFeePerGas: "0x7",
    transactions: [],
    uncles: [],
  };
}

/**
 * Serves, over WebSocket, what an ethereum-sidecar asks of an Ethereum node: a chain that makes empty blocks, on which the
 * bridge has no events.
 */
export function serveEthereum(host: string, port: number): WebSocketServer {
  const start = Math.floor(Date.now() / 1000);
  const latest = () => block(firstBlock + Math.floor((Date.now() / 1000 - start) / secondsPerBlock), start);
  const subscribers = new Set<WebSocket>();
  const methods: Record<string, () => unknown> = {
    eth_chainId: () => hex(chainId),
    net_version: () => String(chainId),
    eth_blockNumber: () => latest().number,
    eth_getBlockByNumber: latest,
    eth_getLogs: () => [],
    eth_subscribe: () => subscription,
    eth_unsubscribe: () => true,
  };
  const server = new WebSocketServer({ host, port });
  server.on("connection", (socket) => {
    socket.on("error", () => socket.terminate()).on("close", () => subscribers.delete(socket));
    socket.on("message", (data) => {
      const request = JSON.parse(String(data));
      const { id, method } = request;
      const answer = methods[method];
      const result = answer ? { result: answer() } : { error: { code: -32601, message: `no method ${method}` } };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, ...result }));
      if (method === "eth_subscribe" && request.params?.[0] === "newHeads") subscribers.add(socket);
    });
  });
  const timer = setInterval(() => {
    const params = { subscription, result: latest() };
    for (const each of subscribers) each.send(JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params }));
  }, secondsPerBlock * 1000);
  server.on("close", () => clearInterval(timer));
  return server;
}

// Every connection has one subscription at most.
const subscription = "0x1";
