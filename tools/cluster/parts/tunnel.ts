import { rmSync } from "node:fs";
import http from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Where an address, written as `host:port`, leads; undefined for nowhere. */
type Route = (address: string) => { host: string; port: number } | undefined;

/** The way from the API server to pods, as clouds have it: an HTTP CONNECT proxy on a Unix socket. */
export function tunnel(socket: string, route: Route): http.Server {
  rmSync(socket, { force: true });
  return http
    .createServer()
    .on("connect", ({ url = "" }, client: Socket, head) => {
      const target = route(url);
      if (!target) {
        client.on("error", () => client.destroy());
        return client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      }
      const upstream = connect(target, () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.write(head);
      });
      join(client, upstream);
    })
    .listen(socket);
}

/** A connection to `host:port` through a tunnel. Rejects when there is no way to that address. */
export function dial(socket: string, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    http
      .request({ socketPath: socket, method: "CONNECT", path: address, timeout: 5000 })
      .on("connect", ({ statusCode }, connection: Socket) => {
        if (statusCode === 200) return resolve(connection);
        connection.destroy();
        reject(new Error(`no way to ${address}: ${statusCode}`));
      })
      .on("timeout", function (this: http.ClientRequest) {
        this.destroy(new Error(`no way to ${address}: no answer`));
      })
      .on("error", reject)
      .end();
  });
}

/** A server whose connections are forwarded to those that `open` makes. */
export const forward = (open: () => Socket | Promise<Socket>): Server =>
  createServer(async (client) => {
    client.on("error", () => client.destroy());
    try {
      join(client, await open());
    } catch {
      client.destroy();
    }
  });

/** Joins two connections into one; they end together. */
function join(a: Socket, b: Socket): void {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
    one.pipe(other);
  }
}
