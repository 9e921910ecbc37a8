import { readBounded } from "@/app/api/webhooks/avenia/read-bounded";
import { isOwnOrigin } from "@/lib/auth/own-origin";
import { optionalActor } from "@/lib/auth/session";
import { DomainError, type ErrorCode } from "@/lib/errors";
import { changeLogo, LOGO_BYTES_MAX, mayChangeLogo } from "@/lib/stores/logo";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const STATUS: Partial<Record<ErrorCode, number>> = { not_found: 404, forbidden: 403, too_many_requests: 429 };
const answer = (code: ErrorCode, status = STATUS[code] ?? 400) => Response.json({ code }, { status, headers: { "cache-control": "no-store" } });

/** An owner sends a picture as the body's bytes. Who it is, and whether the page is ours, is asked before a byte is read; no more is read than is allowed. */
export async function POST(request: Request, context: RouteContext<"/api/stores/[storeId]/logo">) {
  return change(request, context, async () => {
    const sent = await readBounded(request, LOGO_BYTES_MAX);
    if (!sent || sent.byteLength === 0) throw new DomainError("image_invalid");
    return sent;
  });
}

/** The tile stands in its place again. */
export async function DELETE(request: Request, context: RouteContext<"/api/stores/[storeId]/logo">) {
  return change(request, context, async () => null);
}

async function change(request: Request, { params }: RouteContext<"/api/stores/[storeId]/logo">, read: () => Promise<Buffer | null>) {
  const actor = await optionalActor();
  if (!actor) return answer("signed_out", 401);
  const { storeId } = await params;
  try {
    await mayChangeLogo(actor, storeId);
    if (!isOwnOrigin(request.headers)) return answer("origin_refused");
    return Response.json(await changeLogo(actor, storeId, await read()), { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof DomainError) return answer(error.code);
    throw error;
  }
}
