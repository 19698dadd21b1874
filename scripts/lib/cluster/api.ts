import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { OperatorError } from "generators/operator-error.ts";

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind, as the API server has them.
export type KubeObject = any;

/** An answer of the API server that reports a failure. */
export class ApiFailure extends Error {
  override name = "ApiFailure";
  readonly code: number;
  /** The API server's own object, with the reason and its details. */
  readonly status: KubeObject;
  constructor(code: number, status: KubeObject) {
    super(status?.message ?? `the API server answers ${code}`);
    this.code = code;
    this.status = status;
  }
}

/** A request other than a plain GET. */
export interface ApiRequest {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  query?: Record<string, string>;
  body?: unknown;
  type?: string;
}

/** Asks the API server of a kubeconfig's current context, in plain objects. */
export interface Api {
  config: KubeConfig;
  request: (path: string, request?: ApiRequest) => Promise<KubeObject>;
}

const timeoutMilliseconds = 20_000;

/**
 * A way to the API server. The library's own models leave out fields that they do not know, and what a dry run says is
 * about just those.
 *
 * @throws {OperatorError} from each request when nobody answers, or the credentials do not count.
 */
export async function apiOf(config: KubeConfig): Promise<Api> {
  const server = config.getCurrentCluster()?.server ?? "";
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options).catch((error: Error) => {
    throw new OperatorError(`context ${config.getCurrentContext()} gives no credentials: ${firstLine(error.message)}`);
  });
  return {
    config,
    async request(path, { method = "GET", query = {}, body, type = "application/json" } = {}) {
      const search = new URLSearchParams(query).toString();
      const content = body === undefined ? "" : JSON.stringify(body);
      const headers = {
        ...options.headers,
        accept: "application/json",
        ...(content && { "content-type": type }),
        "content-length": Buffer.byteLength(content),
      };
      const { code, answer } = await send(
        `${server}${path}${search && `?${search}`}`,
        { ...options, method, headers },
        content,
      ).catch((error) => {
        throw new OperatorError(
          `the API server at ${server} does not answer (${error.code ?? firstLine(error.message)}): see that the cluster is up, and that this machine reaches it`,
        );
      });
      if (code === 401) {
        throw new OperatorError(
          `the API server does not accept the credentials of context ${config.getCurrentContext()}: log in again`,
        );
      }
      const parsed = parse(answer);
      if (code >= 300) throw new ApiFailure(code, parsed);
      return parsed;
    },
  };
}

/** What could be had, or why it could not: what follows then is left open, and said to be. */
export type Fact<T> = { value: T } | { unknown: string };

/** A fact, from something that may fail. Where the API server itself is away the command ends. */
export async function factOf<T>(asking: Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await asking };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    return { unknown: reasonOf(error) };
  }
}

/** An object, or undefined where there is none. */
export async function ifThere(asking: Promise<KubeObject>): Promise<KubeObject> {
  return asking.catch((error) => {
    if (error instanceof ApiFailure && error.code === 404) return undefined;
    throw error;
  });
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiFailure && error.code === 403) return `no permission: ${firstLine(error.message)}`;
  const { code, message } = error as NodeJS.ErrnoException;
  return firstLine(message || String(code));
}

const firstLine = (text: string) => (text.split("\n")[0] ?? "").trim();

function parse(answer: string): KubeObject {
  try {
    return JSON.parse(answer);
  } catch {
    return { message: firstLine(answer) };
  }
}

function send(url: string, options: https.RequestOptions, content: string): Promise<{ code: number; answer: string }> {
  const { request } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    request(url, { ...options, signal: AbortSignal.timeout(timeoutMilliseconds) }, (response) => {
      text(response).then((answer) => resolve({ code: response.statusCode ?? 0, answer }), reject);
    })
      .on("error", reject)
      .end(content);
  });
}
