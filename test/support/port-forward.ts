import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Answers a WebSocket as the API server does for `pods/portforward` with the protocol v4.channel.k8s.io: data in both ways
 * on channel 0, complaints on channel 1, and on each at first the number of the port.
 *
 * @param port the port of 127.0.0.1 that stands for the pod's; undefined where the kubelet finds nothing that listens.
 */
export function answerPortForward(request: IncomingMessage, socket: Duplex, port: number | undefined): void {
  const asked = Number(new URL(request.url ?? "", "http://localhost").searchParams.get("ports"));
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n`,
  );
  const send = (channel: number, data: Buffer) => socket.write(frame(Buffer.concat([Buffer.of(channel), data])));
  for (const channel of [0, 1]) send(channel, Buffer.of(asked & 0xff, asked >> 8));
  if (port === undefined) {
    send(1, Buffer.from(`failed to connect to localhost:${asked} inside the pod: connection refused`));
    socket.on("error", () => {});
    return;
  }
  const pod = connect(port, "127.0.0.1");
  pod.on("data", (data: Buffer) => send(0, data)).on("error", () => socket.destroy());
  socket.on("error", () => pod.destroy()).on("close", () => pod.destroy());
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (data: Buffer) => {
    const { payloads, left } = unframed(Buffer.concat([rest, data]));
    rest = left;
    for (const payload of payloads) pod.write(payload.subarray(1));
  });
}

/** A binary message in one frame. */
function frame(data: Buffer): Buffer {
  const length = data.length < 126 ? Buffer.of(data.length) : Buffer.of(126, data.length >> 8, data.length & 0xff);
  return Buffer.concat([Buffer.of(0x82), length, data]);
}

/** The binary messages in whole frames of a client, which masks them, and what is left of the last one. */
function unframed(bytes: Buffer): { payloads: Buffer[]; left: Buffer } {
  const payloads: Buffer[] = [];
  let left = bytes;
  while (left.length >= 2) {
    const short = (left[1] as number) & 0x7f;
    const start = short === 126 ? 4 : 2;
    const length = short === 126 && left.length >= 4 ? left.readUInt16BE(2) : short;
    if (left.length < start + 4 + length) break;
    const mask = left.subarray(start, start + 4);
    const payload = left.subarray(start + 4, start + 4 + length).map((byte, i) => byte ^ (mask[i % 4] as number));
    if (((left[0] as number) & 0xf) === 2) payloads.push(Buffer.from(payload));
    left = left.subarray(start + 4 + length);
  }
  return { payloads, left };
}
