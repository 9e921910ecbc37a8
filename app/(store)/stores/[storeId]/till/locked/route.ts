import { optionalActor } from "@/lib/auth/session";
import { chargesOfLockedTill } from "@/lib/charges/locked-till";
import { DomainError } from "@/lib/errors";
import { lockedChargeOf } from "./locked-charge";

const NO_STORE = { headers: { "Cache-Control": "no-store" } };

/** `LockedCharge[]`: what a locked till asks while a charge of its own waits. */
export async function GET(_request: Request, { params }: RouteContext<"/stores/[storeId]/till/locked">) {
  const actor = await optionalActor();
  if (!actor) return Response.json({ error: "signed_out" }, { status: 401, ...NO_STORE });
  try {
    const watched = await chargesOfLockedTill(actor, (await params).storeId);
    return Response.json(watched.map((one) => lockedChargeOf(one)), NO_STORE);
  } catch (error) {
    if (error instanceof DomainError) return Response.json({ error: error.code }, { status: error.code === "forbidden" ? 403 : 404, ...NO_STORE });
    throw error;
  }
}
