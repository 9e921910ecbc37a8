import { DomainError } from "@/lib/errors";
import { guestPaymentVersion } from "@/lib/guests/queries";

const NO_STORE = { headers: { "Cache-Control": "no-store" } };

/** `{version}`: changes whenever the page would show something else. */
export async function GET(_request: Request, { params }: RouteContext<"/w/[reference]/status">) {
  try {
    return Response.json({ version: await guestPaymentVersion((await params).reference) }, NO_STORE);
  } catch (error) {
    if (error instanceof DomainError) return Response.json({ error: error.code }, { status: 404, ...NO_STORE });
    throw error;
  }
}
