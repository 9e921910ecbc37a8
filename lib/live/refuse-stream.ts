import "server-only";
import type { ClosedReason } from "./rules";

/**
 * No to somebody who asks for a live stream. A browser's EventSource learns nothing from a status and would knock for ever, so it
 * gets the closing line that it understands; every other client gets the status.
 */
export function refuseStream(request: Request, status: 401 | 403 | 404): Response {
  if (!request.headers.get("accept")?.includes("text/event-stream")) return new Response(null, { status });
  const reason: ClosedReason = status === 401 ? "signed_out" : "not_found";
  return new Response(`event: closed\ndata: ${JSON.stringify({ reason })}\n\n`, { headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" } });
}
