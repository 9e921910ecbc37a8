import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { SOCKET_HEADER } from "./request-headers";

/**
 * Writes the connection's address into a header of our own on each request of this process, over anything the client sent there.
 * Next shows no socket to pages and fills X-Forwarded-For only when the client left it out, so it alone could be forged.
 */
export function watchSocketAddresses() {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[SOCKET_HEADER] = request.socket.remoteAddress ?? "";
  });
}
