import { optionalActor } from "@/lib/auth/session";
import { personStream } from "@/lib/live/person-stream";
import { refuseStream } from "@/lib/live/refuse-stream";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** News of the signed-in person's own payments and balances. */
export async function GET(request: Request) {
  const actor = await optionalActor();
  if (!actor) return refuseStream(request, 401);
  return personStream({ actor, signal: request.signal });
}
