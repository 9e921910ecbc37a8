import { optionalActor } from "@/lib/auth/session";
import { getTillCharge } from "@/lib/charges/queries";
import { DomainError } from "@/lib/errors";
import { isWalletAskedOf, secondsLeftOf, type ChargeNews } from "../../till-charge";

const NO_STORE = { headers: { "Cache-Control": "no-store" } };

/** `{state, secondsLeft}` of a charge of this store: what its till asks while it waits. */
export async function GET(_request: Request, { params }: RouteContext<"/stores/[storeId]/till/charges/[chargeId]">) {
  const actor = await optionalActor();
  if (!actor) return Response.json({ error: "signed_out" }, { status: 401, ...NO_STORE });
  try {
    const charge = await getTillCharge(actor, await params);
    return Response.json({ state: charge.state, isWalletAsked: isWalletAskedOf(charge), secondsLeft: secondsLeftOf(charge) } satisfies ChargeNews, NO_STORE);
  } catch (error) {
    if (error instanceof DomainError) return Response.json({ error: error.code }, { status: error.code === "forbidden" ? 403 : 404, ...NO_STORE });
    throw error;
  }
}
