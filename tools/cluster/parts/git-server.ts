// A program that serves the repositories of a folder over HTTP, by git's own CGI program.
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";

const [address, port, repositories = ""] = process.argv.slice(2);

createServer((request, response) => {
  const child = spawn("git", ["http-backend"], { env: environment(request), stdio: ["pipe", "pipe", "inherit"] });
  child.on("error", () => response.destroy());
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    child.stdout.off("data", onData);
    for (const line of head.subarray(0, end).toString().split("\r\n")) {
      const [, field = "", value = ""] = /^([^:]+): (.*)$/.exec(line) ?? [];
      if (field === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(field, value);
    }
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  };
  child.stdout.on("data", onData);
}).listen(Number(port), address);

// https://git-scm.com/docs/git-http-backend
function environment({ method, url = "", headers }: IncomingMessage): NodeJS.ProcessEnv {
  const { pathname, search } = new URL(url, "http://git");
  return {
    ...process.env,
    GIT_PROJECT_ROOT: repositories,
    GIT_HTTP_EXPORT_ALL: "1",
    REQUEST_METHOD: method,
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: headers["content-type"] ?? "",
    ...(headers["content-length"] && { CONTENT_LENGTH: headers["content-length"] }),
    HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
    HTTP_GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
  };
}
