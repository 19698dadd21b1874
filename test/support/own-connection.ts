import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/**
 * A GET request on a connection of its own. `fetch` keeps connections, and cannot tell that the server closed one while
 * this process waited for a program.
 */
export async function getOnOwnConnection(url: string): Promise<{ status: number; body: string }> {
  const request = http.get(url, { agent: false, signal: AbortSignal.timeout(5000) });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer) };
}
