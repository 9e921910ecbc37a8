import { optionalActor } from "@/lib/auth/session";
import { personStream } from "@/lib/live/person-stream";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

/** News of the signed-in person's own payments and balances. */
export async function GET(request: Request) {
  const actor = await optionalActor();
  if (!actor) return new Response(null, { status: 401 });
  return personStream({ actor, signal: request.signal });
}
