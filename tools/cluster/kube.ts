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

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

interface Options {
  query?: Record<string, string>;
  body?: unknown;
  type?: string;
}

const requestWithin = 30_000;

/**
 * Speaks to an API server in plain objects: the client library's own models leave out what they don't know, and here
 * that is what is looked for. Its `warnings` are the API server's, of all requests so far.
 */
export async function connect(kubeconfig: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const options: https.RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  options.agent = new https.Agent({ ...(options.agent as https.Agent).options, keepAlive: true });
  const server = config.getCurrentCluster()?.server ?? "";
  const warnings: string[] = [];
  const groups = new Map<string, Promise<{ kind: string; name: string; namespaced: boolean }[]>>();

  async function request(method: string, path: string, { query = {}, body, type }: Options = {}): Promise<KubeObject> {
    const search = new URLSearchParams(query).toString();
    const content = body === undefined ? "" : JSON.stringify(body);
    const headers = {
      ...options.headers,
      accept: "application/json",
      ...(type && { "content-type": type }),
      // Node adds none to a DELETE, and the API server takes what follows for the next request.
      "content-length": Buffer.byteLength(content),
    };
    const url = `${server}${path}${search && `?${search}`}`;
    const { status, warning, answer } = await new Promise<{ status: number; warning: unknown; answer: string }>(
      (resolve, reject) => {
        https
          .request(url, { ...options, method, headers, timeout: requestWithin }, async (response) => {
            const { statusCode: status = 0, headers } = response;
            text(response).then((answer) => resolve({ status, warning: headers.warning, answer }), reject);
          })
          .on("timeout", function (this: { destroy: (error: Error) => void }) {
            this.destroy(new Error(`${method} ${path}: no answer in ${requestWithin / 1000} s`));
          })
          .on("error", reject)
          .end(content);
      },
    );
    if (warning) warnings.push(String(warning));
    const parsed = answer.startsWith("{") ? JSON.parse(answer) : answer;
    if (status >= 300) throw new ApiError(status, `${method} ${path}: ${parsed.message ?? answer}`);
    return parsed;
  }

  async function resource(apiVersion: string, kind: string) {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    // A kind that is not there yet may come.
    const known = groups.get(base) ?? request("GET", base).then(({ resources }) => resources);
    groups.set(base, known);
    const found = await known.then(
      (resources) =>
        resources.find((each: { kind: string; name: string }) => each.kind === kind && !each.name.includes("/")),
      () => undefined,
    );
    if (found) return { base, ...found };
    groups.delete(base);
    throw new ApiError(404, `the API server knows no ${kind} of ${apiVersion}`);
  }

  async function pathOf({ apiVersion, kind, name, namespace }: Omit<Reference, "name"> & { name?: string }) {
    const { base, name: plural, namespaced } = await resource(apiVersion, kind);
    const inNamespace = namespaced && namespace !== undefined ? `/namespaces/${namespace}` : "";
    return [`${base}${inNamespace}/${plural}`, name].filter(Boolean).join("/");
  }

  const orMissing = (error: unknown) => {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  };

  return {
    config,
    warnings,
    request,

    /** The object, or undefined. */
    get: async (reference: Reference) => request("GET", await pathOf(reference)).catch(orMissing),

    /** All objects of a kind, of one namespace or of all; with kind and apiVersion, which lists leave out. */
    async list(apiVersion: string, kind: string, namespace?: string, labelSelector = ""): Promise<KubeObject[]> {
      const path = await pathOf({ apiVersion, kind, namespace });
      const { items } = await request("GET", path, { query: labelSelector ? { labelSelector } : {} });
      return items.map((item: KubeObject) => ({ apiVersion, kind, ...item }));
    },

    /** Creates or changes by server-side apply. Unknown fields are refused. */
    async apply(object: KubeObject, { dryRun = false, manager = "test", force = true } = {}): Promise<KubeObject> {
      const query = {
        fieldManager: manager,
        force: String(force),
        fieldValidation: "Strict",
        ...(dryRun && { dryRun: "All" }),
      };
      return request("PATCH", await pathOf(referenceTo(object)), {
        query,
        body: object,
        type: "application/apply-patch+yaml",
      });
    },

    create: async (object: KubeObject) =>
      request("POST", await pathOf({ ...referenceTo(object), name: "" }), { body: object, type: "application/json" }),

    /** A JSON merge patch, of the object or of a subresource such as `status`. */
    patch: async (reference: Reference, body: unknown, subresource = "") =>
      request("PATCH", [await pathOf(reference), subresource].filter(Boolean).join("/"), {
        body,
        type: "application/merge-patch+json",
      }),

    /** Deletes; what is not there is deleted. */
    delete: async (reference: Reference, options: Record<string, unknown> = {}) =>
      request("DELETE", await pathOf(reference), { body: options, type: "application/json" }).catch(orMissing),
  };
}

export type Kube = Awaited<ReturnType<typeof connect>>;

/** What an object is called. */
export const referenceTo = ({ apiVersion, kind, metadata }: KubeObject): Reference => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
});

/** A condition of an object's status, such as `Ready`; undefined where the object or the condition is not there. */
export const conditionOf = (object: KubeObject, type: string): KubeObject =>
  object?.status?.conditions?.find((each: KubeObject) => each.type === type);

/** Whether a condition of an object's status is true. */
export const holdsTrue = (object: KubeObject, type: string): boolean => conditionOf(object, type)?.status === "True";
