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

/** What a pod is asked over HTTP: a path, and by POST where there is a body of JSON. */
export interface Question {
  path: string;
  body?: unknown;
  /** How long the answer may take, in milliseconds. */
  timeout?: number;
}

// Reaching the kubelet and an answer of two kilobytes take a second at most.
const timeoutMilliseconds = 30_000;

/**
 * What a pod answers to a plain GET, by way of the API server and the kubelet as in `kubectl port-forward`. That way is
 * open on a private cluster, too, where the API server reaches no pod itself.
 *
 * @throws {Error} when there is no way to the pod, or it answers anything but 200.
 */
export const getFromPod = (config: KubeConfig, at: PodPort, path: string): Promise<string> =>
  askPod(config, at, { path });

/**
 * What a pod answers to a question, on the way of `getFromPod`.
 *
 * @throws {Error} when there is no way to the pod, or it answers anything but 200.
 */
export async function askPod(config: KubeConfig, at: PodPort, question: Question): Promise<string> {
  const { timeout = timeoutMilliseconds } = question;
  const { PortForward } = await client();
  const [connection, pod] = duplexPair();
  const complaints = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > 0) connection.destroy(new Error(String(chunk).trim()));
      done();
    },
  });
  const forward = new PortForward(config).portForward(at.namespace, at.pod, [at.port], pod, complaints, pod);
  const socket = await withinTime(forward, timeout);
  if (typeof socket === "function") throw new Error("the library tries again by itself");
  socket.addEventListener("close", () => pod.end());
  try {
    const { status, body } = await ask(connection, question, timeout);
    if (status !== 200) throw new Error(`it answers ${status}`);
    return body;
  } finally {
    // Not `close`, which waits for the other side to say so, too.
    socket.terminate();
  }
}

function ask(connection: Duplex, { path, body }: Question, timeout: number): Promise<{ status: number; body: string }> {
  const options = {
    host: "localhost",
    path,
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "content-type": "application/json" },
    signal: AbortSignal.timeout(timeout),
  };
  return new Promise((resolve, reject) => {
    http
      .request({ ...options, createConnection: () => connection }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      })
      .on("error", reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function withinTime<T>(promise: Promise<T>, timeout: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(reject, timeout, new Error("no answer in time"));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
