import { tillActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { refuseStream } from "@/lib/live/refuse-stream";
import { openStoreStream } from "@/lib/live/store-stream";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** Live payments of a store for its members. `Last-Event-ID` (or `?after=` on the first connection) brings what was missed. */
export async function GET(request: Request, { params }: { params: Promise<{ storeId: string }> }) {
  const actor = await tillActor();
  if (!actor) return refuseStream(request, 401);
  const { storeId } = await params;
  const after = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after");
  try {
    return await openStoreStream(actor, { storeId, after, signal: request.signal });
  } catch (error) {
    if (error instanceof DomainError) return refuseStream(request, error.code === "forbidden" ? 403 : 404);
    throw error;
  }
}
