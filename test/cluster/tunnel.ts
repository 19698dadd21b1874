import http from "node:http";
import { connect } from "node:net";

/**
 * The way from the API server to pods, as a cloud's is: an HTTP CONNECT proxy on a socket. Known addresses lead where
 * the map says, all others nowhere.
 */
export function tunnel(socket: string, addresses: Record<string, { host: string; port: number }>): http.Server {
  return http
    .createServer()
    .on("connect", ({ url = "" }, client, head) => {
      const to = addresses[url];
      client.on("error", () => client.destroy());
      if (!to) return client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      const upstream = connect(to, () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on("error", () => client.destroy());
    })
    .listen(socket);
}
