import https from "node:https";
import { text } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind, as the API server has them.
export type KubeObject = any;

/** Names an object; `namespace` only where its kind has one. */
export interface Reference {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string | undefined;
}

/** An answer of the API server that reports a failure. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

interface RequestOptions {
  query?: Record<string, string>;
  body?: unknown;
  type?: string;
}

type Request = (method: string, path: string, options?: RequestOptions) => Promise<KubeObject>;

const timeoutMilliseconds = 30_000;

/**
 * Speaks to an API server in plain objects. The client library's own models leave out fields that they do not know, and
 * those are just what tests look for. `warnings` are the API server's, of all requests so far.
 */
export async function connect(kubeconfig: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const warnings: string[] = [];
  const request = await requester(config, warnings);
  const pathOf = pathFinder(request);
  return {
    config,
    warnings,
    request,

    /** The object, or undefined. */
    get: async (reference: Reference) => request("GET", await pathOf(reference)).catch(ifMissing),

    /** All objects of a kind, of one namespace or of all, with apiVersion and kind, which lists leave out. */
    async list(apiVersion: string, kind: string, namespace?: string, labelSelector = ""): Promise<KubeObject[]> {
      const path = await pathOf({ apiVersion, kind, namespace });
      const { items } = await request("GET", path, { query: labelSelector ? { labelSelector } : {} });
      return items.map((item: KubeObject) => ({ apiVersion, kind, ...item }));
    },

    /** Creates or changes an object by server-side apply. Unknown fields are refused. */
    async apply(object: KubeObject, { dryRun = false, manager = "test", force = true } = {}): Promise<KubeObject> {
      const query = {
        fieldManager: manager,
        force: String(force),
        fieldValidation: "Strict",
        ...(dryRun && { dryRun: "All" }),
      };
      const path = await pathOf(referenceTo(object));
      return request("PATCH", path, { query, body: object, type: "application/apply-patch+yaml" });
    },

    create: async (object: KubeObject) =>
      request("POST", await pathOf({ ...referenceTo(object), name: "" }), { body: object, type: "application/json" }),

    /** Applies a JSON merge patch to an object or to a subresource such as `status`. */
    async patch(reference: Reference, body: unknown, subresource = ""): Promise<KubeObject> {
      const path = [await pathOf(reference), subresource].filter(Boolean).join("/");
      return request("PATCH", path, { body, type: "application/merge-patch+json" });
    },

    /** Deletes an object. One that does not exist is no error. */
    delete: async (reference: Reference, options: Record<string, unknown> = {}) =>
      request("DELETE", await pathOf(reference), { body: options, type: "application/json" }).catch(ifMissing),
  };
}

export type Kube = Awaited<ReturnType<typeof connect>>;

/** Sends requests to the API server of a kubeconfig's current context, and collects its warnings. */
async function requester(config: KubeConfig, warnings: string[]): Promise<Request> {
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  options.agent = new https.Agent({ ...(options.agent as https.Agent).options, keepAlive: true });
  const server = config.getCurrentCluster()?.server ?? "";

  return async (method, path, { query = {}, body, type } = {}) => {
    const search = new URLSearchParams(query).toString();
    const content = body === undefined ? "" : JSON.stringify(body);
    const headers = {
      ...options.headers,
      accept: "application/json",
      ...(type && { "content-type": type }),
      // Node adds none to a DELETE, and the API server would take the body for the next request.
      "content-length": Buffer.byteLength(content),
    };
    const url = `${server}${path}${search && `?${search}`}`;
    const { status, warning, answer } = await send(url, { ...options, method, headers }, content);
    if (warning) warnings.push(warning);
    const parsed = answer.startsWith("{") ? JSON.parse(answer) : answer;
    if (status >= 300) throw new ApiError(status, `${method} ${path}: ${parsed.message ?? answer}`);
    return parsed;
  };
}

interface Answer {
  status: number;
  warning: string | undefined;
  answer: string;
}

function send(url: string, options: https.RequestOptions, content: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    https
      .request(url, { ...options, timeout: timeoutMilliseconds }, (response) => {
        const { statusCode: status = 0, headers } = response;
        const warning = headers.warning === undefined ? undefined : String(headers.warning);
        text(response).then((answer) => resolve({ status, warning, answer }), reject);
      })
      .on("timeout", function (this: { destroy: (error: Error) => void }) {
        this.destroy(new Error(`${options.method} ${url}: no answer within ${timeoutMilliseconds / 1000} s`));
      })
      .on("error", reject)
      .end(content);
  });
}

interface Resource {
  kind: string;
  /** The plural in the path. */
  name: string;
  namespaced: boolean;
}

/** Finds the path of an object, or of a kind's list, by what the API server says of its resources. */
function pathFinder(request: Request) {
  const groups = new Map<string, Promise<Resource[]>>();

  async function resourceOf(base: string, apiVersion: string, kind: string): Promise<Resource> {
    const known: Promise<Resource[]> = groups.get(base) ?? request("GET", base).then(({ resources }) => resources);
    groups.set(base, known);
    const found = await known.then(
      (resources) => resources.find((each) => each.kind === kind && !each.name.includes("/")),
      () => undefined,
    );
    if (found) return found;
    // The kind may be added later, so the answer is not kept.
    groups.delete(base);
    throw new ApiError(404, `the API server knows no kind ${kind} of ${apiVersion}`);
  }

  return async ({ apiVersion, kind, name, namespace }: Omit<Reference, "name"> & { name?: string }) => {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { name: plural, namespaced } = await resourceOf(base, apiVersion, kind);
    const inNamespace = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : "";
    return [`${base}${inNamespace}/${plural}`, name].filter(Boolean).join("/");
  };
}

function ifMissing(error: unknown): undefined {
  if (error instanceof ApiError && error.code === 404) return undefined;
  throw error;
}

/** How to refer to an object. */
export const referenceTo = ({ apiVersion, kind, metadata }: KubeObject): Reference => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
});

/** A condition of an object's status, such as `Ready`; undefined when the object or the condition does not exist. */
export const conditionOf = (object: KubeObject, type: string): KubeObject =>
  object?.status?.conditions?.find((each: KubeObject) => each.type === type);

/** Whether a condition of an object's status is true. */
export const isTrue = (object: KubeObject, type: string): boolean => conditionOf(object, type)?.status === "True";
