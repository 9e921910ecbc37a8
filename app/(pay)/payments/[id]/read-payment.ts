import "server-only";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requireActor } from "@/lib/auth/session";
import { DomainError } from "@/lib/errors";
import { getPayment, type PaymentView } from "@/lib/payments/queries";

/** The signed-in person's payment of an address; anybody else's is a page that does not exist. Read once per request. */
export const readPayment = cache(async (id: string): Promise<PaymentView> => {
  const actor = await requireActor();
  try {
    return await getPayment(actor, id);
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
});
