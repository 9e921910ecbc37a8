import { optionalActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getPayment } from "@/lib/payments/queries";

const NO_STORE = { headers: { "Cache-Control": "no-store" } };

/** `{status}` of the person's own payment: what the checking screen asks for where no live stream gets through. */
export async function GET(_request: Request, { params }: RouteContext<"/payments/[id]/status">) {
  const actor = await optionalActor();
  if (!actor) return Response.json({ error: "signed_out" }, { status: 401, ...NO_STORE });
  try {
    const { status } = await getPayment(actor, (await params).id);
    return Response.json({ status }, NO_STORE);
  } catch (error) {
    if (error instanceof DomainError) return Response.json({ error: error.code }, { status: 404, ...NO_STORE });
    throw error;
  }
}
