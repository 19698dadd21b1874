import http from "node:http";
import { type Duplex, duplexPair, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { client } from "./client.ts";

/** A port of a pod. */
export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

// Reaching the kubelet and an answer of two kilobytes take a second at most.
const timeoutMilliseconds = 30_000;

/**
 * What a pod answers to a plain GET, by way of the API server and the kubelet as in `kubectl port-forward`. That way is
 * open on a private cluster, too, where the API server reaches no pod itself.
 *
 * @throws {Error} when there is no way to the pod, or it answers anything but 200.
 */
export async function getFromPod(config: KubeConfig, at: PodPort, path: string): Promise<string> {
  const { PortForward } = await client();
  const [connection, pod] = duplexPair();
  const complaints = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) connection.destroy(new Error(String(chunk).trim()));
      done();
    },
  });
  const forward = new PortForward(config).portForward(at.namespace, at.pod, [at.port], pod, complaints, pod);
  const socket = await withinTime(forward);
  if (typeof socket === "function") throw new Error("the library tries again by itself");
  socket.addEventListener("close", () => pod.end());
  try {
    const { status, body } = await get(connection, path);
    if (status !== 200) throw new Error(`it answers ${status}`);
    return body;
  } finally {
    // Not `close`, which waits for the other side to say so, too.
    socket.terminate();
  }
}

function get(connection: Duplex, path: string): Promise<{ status: number; body: string }> {
  const options = { host: "localhost", path, signal: AbortSignal.timeout(timeoutMilliseconds) };
  return new Promise((resolve, reject) => {
    http
      .get({ ...options, createConnection: () => connection }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      })
      .on("error", reject);
  });
}

async function withinTime<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, timeoutMilliseconds, new Error("no answer in time"));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
