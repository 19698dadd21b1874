import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { proxySettings } from "generators/components/scripts/proxy.ts";
import { proxyImage } from "generators/network/keyless-schema.ts";
import { freePort } from "tools/cluster/process/free-port.ts";
import { caddyPath } from "tools/cluster/programs.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { served } from "../../../support/keyless.ts";

test("the image that pods run is of the release that the tests run", () => {
  const pins = readFileSync("tools/cluster/programs/caddy/go.mod", "utf8");
  expect(/github\.com\/caddyserver\/caddy\/v2 v(\S+)/.exec(pins)?.[1]).toBe(proxyImage.split(":")[1]);
});

describe("the proxy before an RPC node, with Caddy itself", () => {
  let caddy: string;
  let folder: string;
  let proxy: ChildProcess;
  const nodes: Server[] = [];
  let [asked, own, other] = [0, 0, 0];

  beforeAll(async () => {
    caddy = await caddyPath();
  });

  beforeEach(async () => {
    [asked, own, other] = await Promise.all([freePort(), freePort(), freePort()]);
    folder = mkdtempSync(join(tmpdir(), "proxy-"));
    const file = join(folder, "Caddyfile");
    // The other nodes' Service is another port of this machine; the site of the WebSocket is left out.
    const [head = "", site = ""] = proxySettings(served()).split(/(?=^:\d+ \{)/m);
    const addresses = site
      .replace(":8545 {", `http://127.0.0.1:${asked} {`)
      .replace("127.0.0.1:18545", `127.0.0.1:${own}`)
      .replace("mezo-rpc-node.default.svc.cluster.local.:18545", `127.0.0.1:${other}`);
    writeFileSync(file, head + addresses);
    // As in its pod, no folder of its own can be written.
    const env = { HOME: "/proc", XDG_CONFIG_HOME: "/proc", XDG_DATA_HOME: "/proc" };
    proxy = spawn(caddy, ["run", "--config", file, "--adapter", "caddyfile"], { env, stdio: "ignore" });
    await eventually(() => isOpen(asked), 20, "the proxy's port");
  });

  afterEach(async () => {
    const ended = once(proxy, "exit");
    proxy.kill("SIGTERM");
    const stopping = nodes.splice(0).map(stop);
    await Promise.all([ended, ...stopping]);
    rmSync(folder, { recursive: true });
  });

  /** Which node has received what, in order. */
  const received: string[] = [];

  /** A node at a port that answers with its name and what it was asked; to "for ever" it answers never, and at /cut it ends. */
  async function start(port: number, name: string): Promise<Server> {
    const node = createServer(async (request, response: ServerResponse) => {
      const body = await text(request);
      received.push(`${name} ${request.method}`);
      if (body === "for ever") node.emit("has it");
      else if (request.url === "/cut") response.destroy();
      else response.end(`${name} ${body}`);
    });
    nodes.push(node);
    node.listen(port, "127.0.0.1");
    await once(node, "listening");
    return node;
  }

  const ask = async (body: string) => {
    const response = await fetch(`http://127.0.0.1:${asked}/`, { method: "POST", body });
    return response.ok ? response.text() : response.status;
  };

  test("the node in its pod answers, and while that one is down another does", async () => {
    const node = await start(own, "own");
    await start(other, "other");
    expect(await ask("1")).toBe("own 1");
    await stop(node);
    const all = Array.from({ length: 50 }, (_, i) => ask(String(i)));
    expect(await Promise.all(all)).toEqual(all.map((_, i) => `other ${i}`));
    await start(own, "own again");
    await eventually(async () => (await ask("2")) === "own again 2", 5, "an answer of its own node");
  });

  test.each(["POST", "GET"])(
    "a node that cuts what answers a %s is asked once, and goes on being asked",
    async (method) => {
      await start(own, "own");
      await start(other, "other");
      received.length = 0;
      const body = method === "POST" ? "1" : null;
      expect((await fetch(`http://127.0.0.1:${asked}/cut`, { method, body })).status).toBe(502);
      expect(received).toEqual([`own ${method}`]);
      expect(await ask("2")).toBe("own 2");
    },
  );

  test("a body as large as any arrives whole where its first node is down", async () => {
    await start(other, "other");
    const large = "x".repeat(4_000_000);
    expect(await ask(large)).toBe(`other ${large}`);
    const chunks = new ReadableStream({
      start(controller) {
        for (const part of large.match(/.{1,100000}/g) ?? []) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const response = await fetch(`http://127.0.0.1:${asked}/`, { method: "POST", body: chunks, duplex: "half" });
    expect(await response.text()).toBe(`other ${large}`);
  });

  test("what nobody takes waits for the first that does", async () => {
    const waiting = ask("1");
    await eventually(async () => isOpen(asked), 5, "the proxy's port");
    await start(other, "other");
    expect(await waiting).toBe("other 1");
  });

  test("what a node had when it died is not asked of another one", async () => {
    const node = await start(own, "own");
    await start(other, "other");
    const arrived = once(node, "has it");
    const dying = ask("for ever");
    await arrived;
    await stop(node);
    expect(await dying).toBe(502);
    expect(await ask("1")).toBe("other 1");
  });
});

async function stop(node: Server): Promise<void> {
  const closed = new Promise((resolve) => node.close(resolve));
  node.closeAllConnections();
  await closed;
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
